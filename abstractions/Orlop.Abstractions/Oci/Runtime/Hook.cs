using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>A program that runs at a point of the life cycle.</summary>
/// <remarks>OCI runtime-spec, config.md</remarks>
public sealed record Hook
{
    /// <summary>The program; absolute.</summary>
    [JsonPropertyName("path")]
    public required string Path { get; init; }

    /// <summary>Its arguments, its name first.</summary>
    [JsonPropertyName("args")]
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Its environment.</summary>
    [JsonPropertyName("env")]
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Seconds that it may take.</summary>
    [JsonPropertyName("timeout")]
    public int? Timeout { get; init; }
}
