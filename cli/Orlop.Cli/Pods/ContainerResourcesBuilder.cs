using Orlop.Cli.Manifests;
using Orlop.Cri.V1;

namespace Orlop.Cli.Pods;

/// <summary>Requests and limits as cgroup values, by the kubelet's rules.</summary>
internal static class ContainerResourcesBuilder
{
    private const long MinShares = 2;
    private const long MaxShares = 262_144;
    private const long SharesPerCore = 1024;
    private const long MillisPerCore = 1000;
    private const long Period = 100_000;  // µs
    private const long MinQuota = 1_000;  // µs

    private const long BestEffortScore = 1000;
    private const long GuaranteedScore = -997;

    public static LinuxContainerResources Build(PodManifest pod, ContainerManifest container, NodeFacts node)
    {
        var resources = Limits(container.Resources.Request(ResourcesManifest.Cpu), container.Resources.Limit(ResourcesManifest.Cpu),
            container.Resources.Limit(ResourcesManifest.Memory), node);
        resources.OomScoreAdj = OomScore(pod, container, node.MemoryBytes);
        resources.HugepageLimits.AddRange(HugepageLimits(container.Resources, node.HugepageSizes));
        if (node.HasSwapController)
            resources.MemorySwapLimitInBytes = resources.MemoryLimitInBytes; // memory and swap together: no swap beyond the limit

        return resources;
    }

    /// <summary>The sum of the containers, or more when an init container alone needs more: what the kubelet tells of a pod.</summary>
    public static LinuxContainerResources BuildPod(PodManifest pod, NodeFacts node)
    {
        Quantity Total(Func<ResourcesManifest, Quantity> amount)
        {
            var running = pod.Containers.Aggregate(default(Quantity), (sum, container) => sum + amount(container.Resources));
            var sidecars = default(Quantity);
            var starting = default(Quantity);
            foreach (var init in pod.InitContainers)
            {
                // An init container runs beside the sidecars that were started before it.
                var own = amount(init.Resources);
                starting = Larger(starting, sidecars + own);
                if (init.IsSidecar)
                    sidecars += own;
            }

            return Larger(running + sidecars, starting);
        }

        return Limits(Total(resources => resources.Request(ResourcesManifest.Cpu)), Total(resources => resources.Limit(ResourcesManifest.Cpu)),
            Total(resources => resources.Limit(ResourcesManifest.Memory)), node);
    }

    /// <summary>A thousandth of a core has 1.024 shares; the kernel wants 2 at least.</summary>
    internal static long Shares(long milliCores) =>
        milliCores == 0 ? MinShares : (long)Int128.Clamp((Int128)milliCores * SharesPerCore / MillisPerCore, MinShares, MaxShares);

    /// <summary>Microseconds of CPU time within a period; 0 for no limit.</summary>
    internal static long Quota(long milliCores) =>
        milliCores == 0 ? 0 : (long)Int128.Clamp((Int128)milliCores * Period / MillisPerCore, MinQuota, long.MaxValue);

    private static LinuxContainerResources Limits(Quantity cpuRequest, Quantity cpuLimit, Quantity memoryLimit, NodeFacts node)
    {
        var resources = new LinuxContainerResources
        {
            CpuShares = Shares((cpuRequest.IsZero ? cpuLimit : cpuRequest).MilliValue),
            CpuQuota = Quota(cpuLimit.MilliValue),
            CpuPeriod = Period,
            MemoryLimitInBytes = memoryLimit.Value,
        };
        if (node.IsCgroup2)
            resources.Unified["memory.oom.group"] = "1"; // the kernel kills a container as a whole

        return resources;
    }

    /// <summary>Guaranteed pods are killed last and best-effort pods first; between them the larger request lives longer.</summary>
    internal static long OomScore(PodManifest pod, ContainerManifest container, long memoryBytes)
    {
        var all = pod.InitContainers.Concat(pod.Containers).Select(other => other.Resources).ToList();
        if (all.TrueForAll(IsBestEffort))
            return BestEffortScore;

        if (all.TrueForAll(IsGuaranteed))
            return GuaranteedScore;

        long request = container.Resources.Request(ResourcesManifest.Memory).Value;
        long score = BestEffortScore - (long)((Int128)BestEffortScore * request / memoryBytes);
        return Math.Clamp(score, BestEffortScore + GuaranteedScore, BestEffortScore - 1);
    }

    private static bool IsBestEffort(ResourcesManifest resources) =>
        new[] { ResourcesManifest.Cpu, ResourcesManifest.Memory }.All(name => resources.Request(name).IsZero && resources.Limit(name).IsZero);

    private static bool IsGuaranteed(ResourcesManifest resources) =>
        new[] { ResourcesManifest.Cpu, ResourcesManifest.Memory }.All(name => !resources.Limit(name).IsZero && resources.Request(name) == resources.Limit(name));

    /// <summary>Each size of the node gets a limit: none is zero.</summary>
    private static IEnumerable<HugepageLimit> HugepageLimits(ResourcesManifest resources, IReadOnlyList<string> sizes)
    {
        var wanted = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var (name, limit) in resources.Limits)
        {
            if (name.StartsWith(ResourcesManifest.HugepagesPrefix, StringComparison.Ordinal)
                && Quantity.TryParse(name[ResourcesManifest.HugepagesPrefix.Length..], out var size))
            {
                wanted[NodeFacts.HugepageSize(size.Value)] = (ulong)limit.Value;
            }
        }

        return sizes.Select(size => new HugepageLimit { PageSize = size, Limit = wanted.GetValueOrDefault(size) });
    }

    private static Quantity Larger(Quantity left, Quantity right) => left > right ? left : right;
}
