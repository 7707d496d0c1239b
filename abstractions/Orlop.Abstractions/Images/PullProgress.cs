namespace Orlop.Abstractions.Images;

/// <summary>How far a pull is.</summary>
/// <param name="FetchedBytes">Compressed bytes that are here.</param>
/// <param name="TotalBytes">Compressed bytes in all; 0 before the manifest is known.</param>
/// <param name="UnpackedLayers">Layers that are unpacked.</param>
/// <param name="TotalLayers">Layers in all.</param>
public sealed record PullProgress(long FetchedBytes, long TotalBytes, int UnpackedLayers, int TotalLayers);
