using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>CPU on Windows; count, shares and maximum exclude each other.</summary>
/// <remarks>OCI runtime-spec, config-windows.md</remarks>
public sealed record WindowsCpu
{
    /// <summary>Whole CPUs.</summary>
    [JsonPropertyName("count")]
    public ulong? Count { get; init; }

    /// <summary>Weight, 1 to 10000.</summary>
    [JsonPropertyName("shares")]
    public ushort? Shares { get; init; }

    /// <summary>Share of the node in 1/100 %, 1 to 10000.</summary>
    [JsonPropertyName("maximum")]
    public ushort? Maximum { get; init; }

    /// <summary>Which CPUs.</summary>
    [JsonPropertyName("affinity")]
    public IReadOnlyList<WindowsCpuAffinity>? Affinity { get; init; }
}
