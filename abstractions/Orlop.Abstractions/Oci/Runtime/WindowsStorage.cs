using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>The scratch disk of a Windows container.</summary>
/// <remarks>OCI runtime-spec, config-windows.md</remarks>
public sealed record WindowsStorage
{
    /// <summary>Operations in a second.</summary>
    [JsonPropertyName("iops")]
    public ulong? Iops { get; init; }

    /// <summary>Bytes in a second.</summary>
    [JsonPropertyName("bps")]
    public ulong? Bps { get; init; }

    /// <summary>Bytes.</summary>
    [JsonPropertyName("sandboxSize")]
    public ulong? SandboxSize { get; init; }
}
