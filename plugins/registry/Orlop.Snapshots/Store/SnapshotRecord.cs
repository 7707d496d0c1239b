namespace Orlop.Snapshots.Store;

/// <summary>A root file system that somebody asked for.</summary>
/// <param name="Folder">The name of its folder.</param>
/// <param name="Layer">The chain id of its top layer; null for an empty root.</param>
/// <param name="ReadOnly">It has no writable layer.</param>
internal sealed record SnapshotRecord(string Folder, string? Layer, bool ReadOnly);
