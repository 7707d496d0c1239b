using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>Capability sets, by the names of capabilities(7).</summary>
/// <remarks>OCI runtime-spec, config.md</remarks>
public sealed record LinuxCapabilities
{
    /// <summary>What can be gained at all.</summary>
    [JsonPropertyName("bounding")]
    public IReadOnlyList<string>? Bounding { get; init; }

    /// <summary>What is checked.</summary>
    [JsonPropertyName("effective")]
    public IReadOnlyList<string>? Effective { get; init; }

    /// <summary>What execve(2) may hand on.</summary>
    [JsonPropertyName("inheritable")]
    public IReadOnlyList<string>? Inheritable { get; init; }

    /// <summary>What may become effective.</summary>
    [JsonPropertyName("permitted")]
    public IReadOnlyList<string>? Permitted { get; init; }

    /// <summary>What a program without file capabilities keeps.</summary>
    [JsonPropertyName("ambient")]
    public IReadOnlyList<string>? Ambient { get; init; }
}
