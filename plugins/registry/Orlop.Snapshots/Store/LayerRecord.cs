namespace Orlop.Snapshots.Store;

/// <summary>A layer that is unpacked, whole and durable.</summary>
/// <param name="Number">Names its folder.</param>
/// <param name="Parent">The chain id of the layer below; null for the lowest.</param>
/// <param name="Bytes">What it takes on disk.</param>
/// <param name="Inodes">Its files and folders.</param>
internal sealed record LayerRecord(long Number, string? Parent, long Bytes, long Inodes);
