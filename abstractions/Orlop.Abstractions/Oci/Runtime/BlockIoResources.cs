using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>Limits of block devices.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record BlockIoResources
{
    /// <summary>10 to 1000.</summary>
    [JsonPropertyName("weight")]
    public ushort? Weight { get; init; }
}
