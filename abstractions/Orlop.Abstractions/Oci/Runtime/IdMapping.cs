using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>A range of ids.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record IdMapping
{
    /// <summary>The first id inside.</summary>
    [JsonPropertyName("containerID")]
    public uint ContainerId { get; init; }

    /// <summary>The first id outside.</summary>
    [JsonPropertyName("hostID")]
    public uint HostId { get; init; }

    /// <summary>How many.</summary>
    [JsonPropertyName("size")]
    public uint Size { get; init; }
}
