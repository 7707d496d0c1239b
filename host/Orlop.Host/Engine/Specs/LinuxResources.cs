using Orlop.Abstractions.Oci.Runtime;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Engine.Specs;

/// <summary>CRI limits as OCI limits: 0 and empty become "not set".</summary>
internal static class LinuxResources
{
    /// <summary>The devices that every container has: null, zero, full, random, urandom, tty, console, ptmx and terminals.</summary>
    private static readonly DeviceRule[] DefaultRules =
    [
        Deny(), Node(null, null, "m"), new() { Allow = true, Type = "b", Access = "m" },
        Node(1, 3), Node(1, 5), Node(1, 7), Node(1, 8), Node(1, 9), Node(5, 0), Node(5, 1), Node(5, 2), Node(136, null),
    ];

    /// <summary>Limits and device rules of a new container.</summary>
    public static Resources Build(ContainerResources resources, bool privileged) => Limits(resources) with
    {
        Devices = privileged ? [new DeviceRule { Allow = true, Type = "a", Access = "rwm" }] : DefaultRules,
    };

    /// <summary>Limits alone: device rules do not change with an update.</summary>
    public static Resources Limits(ContainerResources resources) => new()
    {
        Memory = resources is { MemoryLimit: 0, MemorySwapLimit: 0 }
            ? null
            : new MemoryResources { Limit = Given(resources.MemoryLimit), Swap = Given(resources.MemorySwapLimit) },
        Cpu = new CpuResources
        {
            Shares = resources.CpuShares > 0 ? (ulong)resources.CpuShares : null,
            Quota = Given(resources.CpuQuota),
            Period = resources.CpuPeriod > 0 ? (ulong)resources.CpuPeriod : null,
            Cpus = resources.CpusetCpus.Length > 0 ? resources.CpusetCpus : null,
            Mems = resources.CpusetMems.Length > 0 ? resources.CpusetMems : null,
        },
        HugepageLimits = resources.HugepageLimits.Count == 0
            ? null
            : [.. resources.HugepageLimits.Select(h => new HugepageLimit { PageSize = h.Key, Limit = h.Value })],
        Unified = resources.Unified.Count == 0 ? null : resources.Unified,
    };

    /// <summary>The limits that hold after an update: what the update gives, over what held before.</summary>
    public static ContainerResources Merge(ContainerResources current, ContainerResources update) => new()
    {
        CpuPeriod = update.CpuPeriod != 0 ? update.CpuPeriod : current.CpuPeriod,
        CpuQuota = update.CpuQuota != 0 ? update.CpuQuota : current.CpuQuota,
        CpuShares = update.CpuShares != 0 ? update.CpuShares : current.CpuShares,
        MemoryLimit = update.MemoryLimit != 0 ? update.MemoryLimit : current.MemoryLimit,
        MemorySwapLimit = update.MemorySwapLimit != 0 ? update.MemorySwapLimit : current.MemorySwapLimit,
        OomScoreAdjust = update.OomScoreAdjust != 0 ? update.OomScoreAdjust : current.OomScoreAdjust,
        CpusetCpus = update.CpusetCpus.Length > 0 ? update.CpusetCpus : current.CpusetCpus,
        CpusetMems = update.CpusetMems.Length > 0 ? update.CpusetMems : current.CpusetMems,
        HugepageLimits = update.HugepageLimits.Count > 0 ? update.HugepageLimits : current.HugepageLimits,
        Unified = update.Unified.Count > 0 ? update.Unified : current.Unified,
    };

    private static long? Given(long value) => value != 0 ? value : null;

    private static DeviceRule Deny() => new() { Allow = false, Type = "a", Access = "rwm" };

    private static DeviceRule Node(long? major, long? minor, string access = "rwm") => new() { Allow = true, Type = "c", Major = major, Minor = minor, Access = access };
}
