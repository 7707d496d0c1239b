using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>Memory limits in bytes; -1 is none.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record MemoryResources
{
    /// <summary>Memory.</summary>
    [JsonPropertyName("limit")]
    public long? Limit { get; init; }

    /// <summary>Soft limit.</summary>
    [JsonPropertyName("reservation")]
    public long? Reservation { get; init; }

    /// <summary>Memory and swap together.</summary>
    [JsonPropertyName("swap")]
    public long? Swap { get; init; }

    /// <summary>0 to 100.</summary>
    [JsonPropertyName("swappiness")]
    public ulong? Swappiness { get; init; }

    /// <summary>Processes wait instead of being killed.</summary>
    [JsonPropertyName("disableOOMKiller")]
    public bool? DisableOomKiller { get; init; }

    /// <summary>Refuse a limit below what is in use.</summary>
    [JsonPropertyName("checkBeforeUpdate")]
    public bool? CheckBeforeUpdate { get; init; }
}
