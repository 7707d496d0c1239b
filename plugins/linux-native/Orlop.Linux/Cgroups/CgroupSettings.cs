using System.Globalization;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;

namespace Orlop.Linux.Cgroups;

/// <summary>Limits as they are written into the files of a cgroup. Pure.</summary>
internal static class CgroupSettings
{
    /// <summary>
    /// The smallest memory limit that a container is made with: below it the kernel kills a statically linked program while execve(2) still
    /// maps it, and the start fails in ways that nobody understands.
    /// </summary>
    public const long MemoryFloor = 512 * 1024;

    private const string Max = "max";

    /// <summary>Checks what no kernel would take, before anything is written.</summary>
    /// <exception cref="RuntimeException">InvalidArgument.</exception>
    public static void Check(Resources resources, CgroupMode mode)
    {
        if (resources.Memory is { Limit: > 0 and < MemoryFloor } tooLow)
            throw RuntimeException.InvalidArgument($"memory limit {tooLow.Limit} is too low: a container needs at least {MemoryFloor} bytes to start.");
        if (resources.Memory is { Limit: > 0, Swap: > 0 } memory && memory.Swap < memory.Limit)
            throw RuntimeException.InvalidArgument($"memory and swap limit {memory.Swap} is below the memory limit {memory.Limit}; it is the sum of both.");
        if (mode == CgroupMode.Unified)
        {
            if (resources.Memory is { Swap: > 0 } and not { Limit: > 0 })
                throw RuntimeException.InvalidArgument("a swap limit needs a memory limit on cgroup v2.");
            foreach (string file in resources.Unified?.Keys ?? [])
                if (file.Length == 0 || file[0] == '.' || !file.Contains('.', StringComparison.Ordinal) || file.AsSpan().ContainsAny('/', '\0'))
                    throw RuntimeException.InvalidArgument($"unified resource '{file}' is no file of a cgroup, such as memory.high.");
        }
        else if (resources.Unified is { Count: > 0 } unified)
        {
            throw RuntimeException.InvalidArgument($"unified resource '{unified.Keys.First()}' needs cgroup v2, but this node uses cgroup v1.");
        }
    }

    /// <summary>The files of v1, in an order that suits a fresh cgroup.</summary>
    /// <remarks>
    /// <c>memory.memsw.limit_in_bytes</c> may never be below <c>memory.limit_in_bytes</c>: a fresh cgroup has neither limit, so that the
    /// lower one comes first; <see cref="Cgroup.Apply"/> turns the order where a limit is raised.
    /// </remarks>
    public static IReadOnlyList<CgroupSetting> Legacy(Resources resources)
    {
        var settings = new List<CgroupSetting>();
        if (resources.Cpu is { } cpu)
        {
            if (cpu.Shares is > 0) settings.Add(new("cpu", "cpu.shares", Text(cpu.Shares.Value)));
            if (cpu.Period is > 0) settings.Add(new("cpu", "cpu.cfs_period_us", Text(cpu.Period.Value)));
            if (cpu.Quota is { } quota and not 0) settings.Add(new("cpu", "cpu.cfs_quota_us", Text(quota)));
            if (cpu.Burst is > 0) settings.Add(new("cpu", "cpu.cfs_burst_us", Text(cpu.Burst.Value)));
            if (cpu.Idle is { } idle) settings.Add(new("cpu", "cpu.idle", Text(idle)));
            if (!string.IsNullOrEmpty(cpu.Cpus)) settings.Add(new("cpuset", "cpuset.cpus", cpu.Cpus));
            if (!string.IsNullOrEmpty(cpu.Mems)) settings.Add(new("cpuset", "cpuset.mems", cpu.Mems));
        }
        if (resources.Memory is { } memory)
        {
            // No memory limit and nothing said about swap means no limit of both.
            long? swap = memory is { Limit: -1, Swap: null or 0 } ? -1 : memory.Swap;
            if (memory.Limit is { } limit and not 0) settings.Add(new("memory", "memory.limit_in_bytes", Text(limit)));
            if (swap is { } sum and not 0) settings.Add(new("memory", "memory.memsw.limit_in_bytes", Text(sum), Optional: sum == -1 || sum == memory.Limit));
            if (memory.Reservation is { } reservation and not 0) settings.Add(new("memory", "memory.soft_limit_in_bytes", Text(reservation)));
            if (memory.Swappiness is { } swappiness) settings.Add(new("memory", "memory.swappiness", Text(swappiness)));
            if (memory.DisableOomKiller == true) settings.Add(new("memory", "memory.oom_control", "1"));
        }
        if (resources.Pids is { Limit: not 0 } pids) settings.Add(new("pids", "pids.max", pids.Limit > 0 ? Text(pids.Limit) : Max, Optional: pids.Limit < 0));
        foreach (HugepageLimit page in resources.HugepageLimits ?? [])
            settings.Add(new("hugetlb", $"hugetlb.{page.PageSize}.limit_in_bytes", Text(page.Limit), Optional: true));
        if (resources.BlockIo?.Weight is { } weight and not 0) settings.Add(new("blkio", "blkio.bfq.weight", Text(weight), Optional: true));
        return settings;
    }

    /// <summary>The files of v2.</summary>
    /// <param name="resources">The limits.</param>
    /// <param name="cpuMax">What <c>cpu.max</c> holds now, quota and period: without a quota in <paramref name="resources"/> it keeps its own.</param>
    public static IReadOnlyList<CgroupSetting> Unified(Resources resources, string? cpuMax = null)
    {
        var settings = new List<CgroupSetting>();
        if (resources.Cpu is { } cpu)
        {
            if (cpu.Shares is > 0) settings.Add(new("cpu", "cpu.weight", Text(CpuWeight(cpu.Shares.Value))));
            if (CpuMax(cpu, cpuMax) is { } max) settings.Add(new("cpu", "cpu.max", max));
            if (cpu.Burst is > 0) settings.Add(new("cpu", "cpu.max.burst", Text(cpu.Burst.Value)));
            if (cpu.Idle is { } idle) settings.Add(new("cpu", "cpu.idle", Text(idle)));
            if (!string.IsNullOrEmpty(cpu.Cpus)) settings.Add(new("cpuset", "cpuset.cpus", cpu.Cpus));
            if (!string.IsNullOrEmpty(cpu.Mems)) settings.Add(new("cpuset", "cpuset.mems", cpu.Mems));
        }
        if (resources.Memory is { } memory)
        {
            if (Swap(memory) is { } swap) settings.Add(new("memory", "memory.swap.max", swap, Optional: swap is Max or "0"));
            if (memory.Limit is { } limit and not 0) settings.Add(new("memory", "memory.max", limit > 0 ? Text(limit) : Max));
            if (memory.Reservation is { } reservation and not 0) settings.Add(new("memory", "memory.low", reservation > 0 ? Text(reservation) : Max));
        }
        if (resources.Pids is { Limit: not 0 } pids) settings.Add(new("pids", "pids.max", pids.Limit > 0 ? Text(pids.Limit) : Max, Optional: pids.Limit < 0));
        foreach (HugepageLimit page in resources.HugepageLimits ?? [])
        {
            settings.Add(new("hugetlb", $"hugetlb.{page.PageSize}.max", Text(page.Limit), Optional: true));
            settings.Add(new("hugetlb", $"hugetlb.{page.PageSize}.rsvd.max", Text(page.Limit), Optional: true));
        }
        if (resources.BlockIo?.Weight is { } weight and not 0) settings.Add(new("io", "io.bfq.weight", Text(weight), Optional: true));
        foreach ((string file, string value) in resources.Unified ?? new Dictionary<string, string>())
            settings.Add(new(file[..file.IndexOf('.', StringComparison.Ordinal)], file, value));
        return settings;
    }

    /// <summary>
    /// The weight of v2 (1 to 10000, default 100) for shares of v1 (2 to 262144, default 1024): a curve through the three pairs of minima,
    /// defaults and maxima, as runc 1.3.2 and crun 1.23 have it. The straight line of before gave 1024 shares a weight of 39.
    /// </summary>
    public static ulong CpuWeight(ulong shares)
    {
        if (shares <= 2) return 1;
        if (shares >= 262_144) return 10_000;
        double log = Math.Log2(shares);
        return (ulong)Math.Ceiling(Math.Pow(10, ((log * log + 125 * log) / 612.0) - (7.0 / 34.0)));
    }

    /// <summary>Quota and period in one file; the kernel keeps the period when the quota is written alone, but not the other way round.</summary>
    private static string? CpuMax(CpuResources cpu, string? current)
    {
        string? quota = cpu.Quota switch { null or 0 => null, > 0 => Text(cpu.Quota.Value), _ => Max };
        return cpu.Period is > 0 ? $"{quota ?? current?.Split(' ')[0] ?? Max} {Text(cpu.Period.Value)}" : quota;
    }

    /// <summary>v2 counts swap alone, the OCI spec memory and swap together.</summary>
    private static string? Swap(MemoryResources memory) => memory switch
    {
        { Limit: -1, Swap: null or 0 } => Max,
        { Swap: null or 0 } => null,
        { Swap: < 0 } => Max,
        _ => Text(memory.Swap.Value - (memory.Limit ?? 0)),
    };

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
