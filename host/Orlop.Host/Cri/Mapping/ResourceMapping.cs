using Orlop.Cri.V1;
using Orlop.Host.Engine.Model;
using Limits = Orlop.Host.Engine.Model.ContainerResources;

namespace Orlop.Host.Cri.Mapping;

internal static class ResourceMapping
{
    public static SandboxResources ToRequest(LinuxContainerResources? overhead, LinuxContainerResources? containers) =>
        new(overhead is null ? null : ToRequest(overhead), containers is null ? null : ToRequest(containers));

    public static Limits ToRequest(LinuxContainerResources? resources) => resources is null ? new Limits() : new Limits
    {
        CpuPeriod = resources.CpuPeriod,
        CpuQuota = resources.CpuQuota,
        CpuShares = resources.CpuShares,
        MemoryLimit = resources.MemoryLimitInBytes,
        OomScoreAdjust = resources.OomScoreAdj,
        CpusetCpus = resources.CpusetCpus,
        CpusetMems = resources.CpusetMems,
        HugepageLimits = resources.HugepageLimits.ToDictionary(h => h.PageSize, h => h.Limit, StringComparer.Ordinal),
        Unified = new Dictionary<string, string>(resources.Unified, StringComparer.Ordinal),
        MemorySwapLimit = resources.MemorySwapLimitInBytes,
    };

    public static LinuxContainerResources ToWire(Limits limits)
    {
        var resources = new LinuxContainerResources
        {
            CpuPeriod = limits.CpuPeriod,
            CpuQuota = limits.CpuQuota,
            CpuShares = limits.CpuShares,
            MemoryLimitInBytes = limits.MemoryLimit,
            OomScoreAdj = limits.OomScoreAdjust,
            CpusetCpus = limits.CpusetCpus,
            CpusetMems = limits.CpusetMems,
            MemorySwapLimitInBytes = limits.MemorySwapLimit,
        };
        resources.HugepageLimits.AddRange(limits.HugepageLimits.Select(h => new HugepageLimit { PageSize = h.Key, Limit = h.Value }));
        resources.Unified.Add(limits.Unified.ToDictionary(StringComparer.Ordinal));
        return resources;
    }
}
