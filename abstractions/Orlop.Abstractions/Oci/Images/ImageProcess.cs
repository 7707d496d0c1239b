using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Images;

/// <summary>What the containers of an image start with.</summary>
/// <remarks>OCI image-spec, config.md</remarks>
public sealed record ImageProcess
{
    /// <summary><c>name</c>, <c>uid</c>, <c>name:group</c> or <c>uid:gid</c>.</summary>
    [JsonPropertyName("User")]
    public string? User { get; init; }

    /// <summary><c>80/tcp</c>.</summary>
    [JsonPropertyName("ExposedPorts")]
    public IReadOnlyDictionary<string, EmptyObject>? ExposedPorts { get; init; }

    /// <summary><c>NAME=value</c>.</summary>
    [JsonPropertyName("Env")]
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>The command.</summary>
    [JsonPropertyName("Entrypoint")]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Arguments of the entrypoint, or the command when there is none.</summary>
    [JsonPropertyName("Cmd")]
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>Paths that want a volume.</summary>
    [JsonPropertyName("Volumes")]
    public IReadOnlyDictionary<string, EmptyObject>? Volumes { get; init; }

    /// <summary>Working directory.</summary>
    [JsonPropertyName("WorkingDir")]
    public string? WorkingDir { get; init; }

    /// <summary>Free text.</summary>
    [JsonPropertyName("Labels")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>A name or number of signal(7).</summary>
    [JsonPropertyName("StopSignal")]
    public string? StopSignal { get; init; }

    /// <summary>Windows: the command is one escaped command line.</summary>
    [JsonPropertyName("ArgsEscaped")]
    public bool? ArgsEscaped { get; init; }
}
