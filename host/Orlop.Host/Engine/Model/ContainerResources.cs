namespace Orlop.Host.Engine.Model;

/// <summary>CRI <c>LinuxContainerResources</c>: 0 and empty mean "not given".</summary>
internal sealed record ContainerResources
{
    public long CpuPeriod { get; init; }

    public long CpuQuota { get; init; }

    public long CpuShares { get; init; }

    public long MemoryLimit { get; init; }

    public long OomScoreAdjust { get; init; }

    public string CpusetCpus { get; init; } = "";

    public string CpusetMems { get; init; } = "";

    public IReadOnlyDictionary<string, ulong> HugepageLimits { get; init; } = new Dictionary<string, ulong>();

    public IReadOnlyDictionary<string, string> Unified { get; init; } = new Dictionary<string, string>();

    public long MemorySwapLimit { get; init; }
}
