using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>Programs that run at points of the life cycle.</summary>
/// <remarks>OCI runtime-spec, config.md</remarks>
public sealed record Hooks
{
    /// <summary>After create, before start (deprecated by the specification).</summary>
    [JsonPropertyName("prestart")]
    public IReadOnlyList<Hook>? Prestart { get; init; }

    /// <summary>In the runtime's namespaces, while creating.</summary>
    [JsonPropertyName("createRuntime")]
    public IReadOnlyList<Hook>? CreateRuntime { get; init; }

    /// <summary>In the container's namespaces, while creating.</summary>
    [JsonPropertyName("createContainer")]
    public IReadOnlyList<Hook>? CreateContainer { get; init; }

    /// <summary>In the container's namespaces, before its process.</summary>
    [JsonPropertyName("startContainer")]
    public IReadOnlyList<Hook>? StartContainer { get; init; }

    /// <summary>After the process runs.</summary>
    [JsonPropertyName("poststart")]
    public IReadOnlyList<Hook>? Poststart { get; init; }

    /// <summary>After the container is removed.</summary>
    [JsonPropertyName("poststop")]
    public IReadOnlyList<Hook>? Poststop { get; init; }
}
