using Orlop.Abstractions.Execution;

namespace Orlop.Linux.Cgroups;

/// <summary>Reads what a cgroup uses. Pure but for the reader.</summary>
internal static class CgroupUsage
{
    /// <summary>Limits of v1 from here on mean none: LONG_MAX rounded down to pages.</summary>
    private const ulong NoLegacyLimit = 1UL << 62;

    /// <summary>Reads a file of a controller; null where there is none.</summary>
    public delegate string? Reader(string controller, string file);

    public static ResourceUsage Legacy(Reader read)
    {
        string? stat = read("memory", "memory.stat");
        ulong? usage = CgroupText.Number(read("memory", "memory.usage_in_bytes"));
        ulong? limit = CgroupText.Number(read("memory", "memory.limit_in_bytes"));
        return new ResourceUsage
        {
            CpuNanoseconds = CgroupText.Number(read("cpuacct", "cpuacct.usage")),
            MemoryBytes = usage,
            WorkingSetBytes = Less(usage, CgroupText.Value(stat, "total_inactive_file")),
            RssBytes = CgroupText.Value(stat, "total_rss"),
            PageFaults = CgroupText.Value(stat, "total_pgfault"),
            MajorPageFaults = CgroupText.Value(stat, "total_pgmajfault"),
            MemoryLimitBytes = limit < NoLegacyLimit ? limit : null,
            SwapBytes = CgroupText.Value(stat, "total_swap"),
            Processes = CgroupText.Number(read("pids", "pids.current")),
        };
    }

    public static ResourceUsage Unified(Reader read)
    {
        string? stat = read("memory", "memory.stat");
        ulong? usage = CgroupText.Number(read("memory", "memory.current"));
        return new ResourceUsage
        {
            CpuNanoseconds = CgroupText.Value(read("cpu", "cpu.stat"), "usage_usec") * 1000,
            MemoryBytes = usage,
            WorkingSetBytes = Less(usage, CgroupText.Value(stat, "inactive_file")),
            RssBytes = CgroupText.Value(stat, "anon"),
            PageFaults = CgroupText.Value(stat, "pgfault"),
            MajorPageFaults = CgroupText.Value(stat, "pgmajfault"),
            MemoryLimitBytes = CgroupText.Number(read("memory", "memory.max")),
            SwapBytes = CgroupText.Number(read("memory", "memory.swap.current")),
            Processes = CgroupText.Number(read("pids", "pids.current")),
            CpuPressure = CgroupText.Pressure(read("cpu", "cpu.pressure")),
            MemoryPressure = CgroupText.Pressure(read("memory", "memory.pressure")),
            IoPressure = CgroupText.Pressure(read("io", "io.pressure")),
        };
    }

    private static ulong? Less(ulong? usage, ulong? inactive) => usage is null ? null : usage > inactive ? usage - inactive : inactive is null ? usage : 0;
}
