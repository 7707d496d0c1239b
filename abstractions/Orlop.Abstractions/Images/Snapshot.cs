namespace Orlop.Abstractions.Images;

/// <summary>A root file system that is ready to be mounted.</summary>
/// <param name="Key">Who asked for it.</param>
/// <param name="Mounts">What the backend mounts, in order, to have it.</param>
public sealed record Snapshot(string Key, IReadOnlyList<RootfsMount> Mounts);
