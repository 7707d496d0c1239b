using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>A limit of huge pages.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record HugepageLimit
{
    /// <summary><c>2MB</c>.</summary>
    [JsonPropertyName("pageSize")]
    public required string PageSize { get; init; }

    /// <summary>Bytes.</summary>
    [JsonPropertyName("limit")]
    public ulong Limit { get; init; }
}
