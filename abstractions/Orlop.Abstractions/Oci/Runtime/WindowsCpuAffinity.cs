using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>A mask of CPUs of one group.</summary>
/// <remarks>OCI runtime-spec, config-windows.md</remarks>
public sealed record WindowsCpuAffinity
{
    /// <summary>The mask.</summary>
    [JsonPropertyName("mask")]
    public ulong Mask { get; init; }

    /// <summary>The group.</summary>
    [JsonPropertyName("group")]
    public uint Group { get; init; }
}
