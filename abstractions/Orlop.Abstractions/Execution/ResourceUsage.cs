namespace Orlop.Abstractions.Execution;

/// <summary>What a group of processes uses; null where the kernel does not count it.</summary>
public sealed record ResourceUsage
{
    /// <summary>CPU time since the start, in nanoseconds; CRI <c>CpuUsage.usage_core_nano_seconds</c>.</summary>
    public ulong? CpuNanoseconds { get; init; }

    /// <summary>Bytes that cannot be given back without harm: usage less inactive file pages; CRI <c>MemoryUsage.working_set_bytes</c>.</summary>
    public ulong? WorkingSetBytes { get; init; }

    /// <summary>All bytes; CRI <c>MemoryUsage.usage_bytes</c>.</summary>
    public ulong? MemoryBytes { get; init; }

    /// <summary>Anonymous and swap cache bytes; CRI <c>MemoryUsage.rss_bytes</c>.</summary>
    public ulong? RssBytes { get; init; }

    /// <summary>CRI <c>MemoryUsage.page_faults</c>.</summary>
    public ulong? PageFaults { get; init; }

    /// <summary>CRI <c>MemoryUsage.major_page_faults</c>.</summary>
    public ulong? MajorPageFaults { get; init; }

    /// <summary>The memory limit in bytes; null when there is none.</summary>
    public ulong? MemoryLimitBytes { get; init; }

    /// <summary>CRI <c>SwapUsage.swap_usage_bytes</c>.</summary>
    public ulong? SwapBytes { get; init; }

    /// <summary>Processes; CRI <c>ProcessUsage.process_count</c>.</summary>
    public ulong? Processes { get; init; }

    /// <summary>Waits for a CPU; CRI <c>CpuUsage.psi</c>.</summary>
    public Pressure? CpuPressure { get; init; }

    /// <summary>Waits for memory; CRI <c>MemoryUsage.psi</c>.</summary>
    public Pressure? MemoryPressure { get; init; }

    /// <summary>Waits for disks; CRI <c>IoUsage.psi</c>.</summary>
    public Pressure? IoPressure { get; init; }
}
