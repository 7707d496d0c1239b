using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>Limits of processes.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record PidsResources
{
    /// <summary>How many; -1 is no limit.</summary>
    [JsonPropertyName("limit")]
    public long Limit { get; init; }
}
