namespace Orlop.Cli.Commands.Listing;

/// <summary>A container's usage in <c>stats --output json</c>; null where the runtime does not say.</summary>
/// <param name="CpuPercent">100 is one core, over the interval between two samples.</param>
internal sealed record UsageView(
    string Id, string Name, string PodName, string PodNamespace, double? CpuPercent, ulong? CpuUsageNanoseconds, ulong? MemoryWorkingSetBytes,
    ulong? MemoryUsageBytes, ulong? MemoryRssBytes, ulong? SwapUsageBytes, ulong? WritableLayerBytes);
