using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>The root file system.</summary>
/// <remarks>OCI runtime-spec, config.md</remarks>
public sealed record Root
{
    /// <summary>Where it is mounted; the backend decides.</summary>
    [JsonPropertyName("path")]
    public string? Path { get; init; }

    /// <summary>Whether it cannot be written.</summary>
    [JsonPropertyName("readonly")]
    public bool Readonly { get; init; }
}
