using Orlop.Abstractions.Execution;
using Orlop.Cri.V1;
using Orlop.Host.Engine.Handlers;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Usage;
using FilesystemUsage = Orlop.Abstractions.Images.FilesystemUsage;

namespace Orlop.Host.Cri.Mapping;

internal static class StatsMapping
{
    public static ContainerStats Of(ContainerEntry container, UsageSample sample, HandlerTable handlers)
    {
        var stats = new ContainerStats
        {
            Attributes = new ContainerAttributes
            {
                Id = container.Id,
                Metadata = new ContainerMetadata { Name = container.Request.Name, Attempt = container.Request.Attempt },
            },
        };
        stats.Attributes.Labels.Put(container.Request.Labels);
        stats.Attributes.Annotations.Put(container.Request.Annotations);

        if (sample.Sandboxes.TryGetValue(container.SandboxId, out var sandbox) && sandbox.Containers.GetValueOrDefault(container.Id) is { } usage)
        {
            long at = Times.Nanoseconds(sandbox.At);
            stats.Cpu = Cpu(usage, at, sample.CpuRate(container.SandboxId, container.Id));
            stats.Memory = Memory(usage, at);
            stats.Swap = new SwapUsage { Timestamp = at, SwapUsageBytes = Value(usage.SwapBytes) };
            if (usage.IoPressure is { } pressure) stats.Io = new IoUsage { Timestamp = at, Psi = Psi(pressure) };
        }

        if (handlers.Snapshotters.FirstOrDefault(s => s.Name == container.Snapshotter)?.UsageOf(container.Id) is { } layer) stats.WritableLayer = Of(layer);
        return stats;
    }

    public static Orlop.Cri.V1.FilesystemUsage Of(FilesystemUsage usage) => new()
    {
        Timestamp = Times.Nanoseconds(usage.At),
        FsId = new FilesystemIdentifier { Mountpoint = usage.Mountpoint },
        UsedBytes = new UInt64Value { Value = (ulong)usage.UsedBytes },
        InodesUsed = new UInt64Value { Value = (ulong)usage.Inodes },
    };

    private static CpuUsage Cpu(ResourceUsage usage, long at, ulong? rate) => new()
    {
        Timestamp = at,
        UsageCoreNanoSeconds = Value(usage.CpuNanoseconds),
        UsageNanoCores = Value(rate),
        Psi = Psi(usage.CpuPressure),
    };

    private static MemoryUsage Memory(ResourceUsage usage, long at) => new()
    {
        Timestamp = at,
        WorkingSetBytes = Value(usage.WorkingSetBytes),
        AvailableBytes = Value(usage is { MemoryLimitBytes: { } limit, WorkingSetBytes: { } used } ? limit - Math.Min(limit, used) : null),
        UsageBytes = Value(usage.MemoryBytes),
        RssBytes = Value(usage.RssBytes),
        PageFaults = Value(usage.PageFaults),
        MajorPageFaults = Value(usage.MajorPageFaults),
        Psi = Psi(usage.MemoryPressure),
    };

    private static PsiStats? Psi(Pressure? pressure) => pressure is null ? null : new PsiStats { Some = Psi(pressure.Some), Full = Psi(pressure.Full) };

    private static PsiData Psi(PressureTime time) => new() { Total = time.TotalNanoseconds, Avg10 = time.Average10, Avg60 = time.Average60, Avg300 = time.Average300 };

    private static UInt64Value? Value(ulong? value) => value is { } v ? new UInt64Value { Value = v } : null;
}
