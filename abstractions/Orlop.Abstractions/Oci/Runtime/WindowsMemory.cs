using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>Memory on Windows.</summary>
/// <remarks>OCI runtime-spec, config-windows.md</remarks>
public sealed record WindowsMemory
{
    /// <summary>Bytes.</summary>
    [JsonPropertyName("limit")]
    public ulong? Limit { get; init; }
}
