using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>A mount.</summary>
/// <remarks>OCI runtime-spec, config.md</remarks>
public sealed record Mount
{
    /// <summary>Where it appears, absolute, inside the container.</summary>
    [JsonPropertyName("destination")]
    public required string Destination { get; init; }

    /// <summary>The file system; <c>bind</c> for a path of the node.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>The node's path, or the file system's name.</summary>
    [JsonPropertyName("source")]
    public string? Source { get; init; }

    /// <summary>As mount(8) writes them: <c>rbind</c>, <c>ro</c>, <c>rro</c>, <c>rslave</c>, <c>mode=755</c>.</summary>
    [JsonPropertyName("options")]
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>Shifts owners, for user namespaces.</summary>
    [JsonPropertyName("uidMappings")]
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    /// <summary>Shifts groups, for user namespaces.</summary>
    [JsonPropertyName("gidMappings")]
    public IReadOnlyList<IdMapping>? GidMappings { get; init; }
}
