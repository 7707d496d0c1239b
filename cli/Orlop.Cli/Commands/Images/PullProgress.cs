namespace Orlop.Cli.Commands.Images;

/// <summary>How far a pull is, from <c>ImageStatus(verbose).info["pull"]</c>; totals are 0 until the manifest is known.</summary>
internal sealed record PullProgress(long FetchedBytes, long TotalBytes, int UnpackedLayers, int TotalLayers);
