namespace Orlop.Layers.Tar;

/// <summary>A run of data in a file with holes.</summary>
/// <param name="Offset">Where it starts in the file.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct SparseSegment(long Offset, long Length);
