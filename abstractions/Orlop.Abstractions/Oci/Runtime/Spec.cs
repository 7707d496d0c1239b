using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>The configuration of a container: <c>config.json</c>.</summary>
/// <remarks>OCI runtime-spec, config.md</remarks>
public sealed record Spec
{
    /// <summary>The version of the specification.</summary>
    [JsonPropertyName("ociVersion")]
    public string OciVersion { get; init; } = "1.2.0";

    /// <summary>The first process.</summary>
    [JsonPropertyName("process")]
    public Process? Process { get; init; }

    /// <summary>The root file system.</summary>
    [JsonPropertyName("root")]
    public Root? Root { get; init; }

    /// <summary>The host name, in a UTS namespace of the container's own.</summary>
    [JsonPropertyName("hostname")]
    public string? Hostname { get; init; }

    /// <summary>Mounts in their order, on top of the root.</summary>
    [JsonPropertyName("mounts")]
    public IReadOnlyList<Mount>? Mounts { get; init; }

    /// <summary>Programs that run at points of the life cycle.</summary>
    [JsonPropertyName("hooks")]
    public Hooks? Hooks { get; init; }

    /// <summary>Free text.</summary>
    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>What only Linux has.</summary>
    [JsonPropertyName("linux")]
    public Linux? Linux { get; init; }

    /// <summary>What only Windows has.</summary>
    [JsonPropertyName("windows")]
    public Windows? Windows { get; init; }
}
