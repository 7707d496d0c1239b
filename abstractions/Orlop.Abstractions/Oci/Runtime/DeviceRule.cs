using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>Allows or denies the use of devices.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record DeviceRule
{
    /// <summary>Whether it allows.</summary>
    [JsonPropertyName("allow")]
    public bool Allow { get; init; }

    /// <summary><c>a</c> (all), <c>c</c> or <c>b</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Major number; null is any.</summary>
    [JsonPropertyName("major")]
    public long? Major { get; init; }

    /// <summary>Minor number; null is any.</summary>
    [JsonPropertyName("minor")]
    public long? Minor { get; init; }

    /// <summary>Any of <c>r</c>, <c>w</c> and <c>m</c>.</summary>
    [JsonPropertyName("access")]
    public string? Access { get; init; }
}
