using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>Limits of a container.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record Resources
{
    /// <summary>Which devices may be used, in order.</summary>
    [JsonPropertyName("devices")]
    public IReadOnlyList<DeviceRule>? Devices { get; init; }

    /// <summary>Memory.</summary>
    [JsonPropertyName("memory")]
    public MemoryResources? Memory { get; init; }

    /// <summary>CPU.</summary>
    [JsonPropertyName("cpu")]
    public CpuResources? Cpu { get; init; }

    /// <summary>Processes.</summary>
    [JsonPropertyName("pids")]
    public PidsResources? Pids { get; init; }

    /// <summary>Block devices.</summary>
    [JsonPropertyName("blockIO")]
    public BlockIoResources? BlockIo { get; init; }

    /// <summary>Huge pages.</summary>
    [JsonPropertyName("hugepageLimits")]
    public IReadOnlyList<HugepageLimit>? HugepageLimits { get; init; }

    /// <summary>cgroup v2: files and what is written to them.</summary>
    [JsonPropertyName("unified")]
    public IReadOnlyDictionary<string, string>? Unified { get; init; }
}
