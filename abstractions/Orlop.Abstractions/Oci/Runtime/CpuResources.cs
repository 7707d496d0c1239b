using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>CPU limits.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record CpuResources
{
    /// <summary>Weight, 2 to 262144.</summary>
    [JsonPropertyName("shares")]
    public ulong? Shares { get; init; }

    /// <summary>Microseconds in each period; -1 is no limit.</summary>
    [JsonPropertyName("quota")]
    public long? Quota { get; init; }

    /// <summary>Microseconds that may be saved up.</summary>
    [JsonPropertyName("burst")]
    public ulong? Burst { get; init; }

    /// <summary>Microseconds.</summary>
    [JsonPropertyName("period")]
    public ulong? Period { get; init; }

    /// <summary>CPUs, as <c>0-3,5</c>.</summary>
    [JsonPropertyName("cpus")]
    public string? Cpus { get; init; }

    /// <summary>Memory nodes.</summary>
    [JsonPropertyName("mems")]
    public string? Mems { get; init; }

    /// <summary>1: only when nothing else runs.</summary>
    [JsonPropertyName("idle")]
    public long? Idle { get; init; }
}
