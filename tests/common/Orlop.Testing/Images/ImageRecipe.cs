using System.Text.Json.Nodes;

namespace Orlop.Testing.Images;

/// <summary>A test image before it is pushed: its name in the registry, its layers and its configuration.</summary>
/// <param name="Repository">The repository inside the registry, for example <c>orlop/busybox</c>.</param>
/// <param name="Tag">The tag that it is pushed under.</param>
/// <param name="Layers">The layers, lowest first.</param>
public sealed record ImageRecipe(string Repository, string Tag, params ImageLayer[] Layers)
{
    /// <summary>The repository and tag, as a client writes them after the registry's name.</summary>
    public string Name => $"{Repository}:{Tag}";

    /// <summary>Which documents describe the image.</summary>
    public ImageKind Kind { get; init; } = ImageKind.OciIndex;

    /// <summary>Config <c>User</c>: name or number, with an optional group.</summary>
    public string? User { get; init; }

    /// <summary>Config <c>Env</c>.</summary>
    public string[] Env { get; init; } = ["PATH=/usr/local/bin:/usr/bin:/bin"];

    /// <summary>Config <c>Entrypoint</c>.</summary>
    public string[]? Entrypoint { get; init; }

    /// <summary>Config <c>Cmd</c>.</summary>
    public string[]? Cmd { get; init; }

    /// <summary>Config <c>WorkingDir</c>.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>Config <c>StopSignal</c>.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Config <c>Labels</c>; two images with equal layers differ by these.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The image configuration document (OCI image spec, config.md).</summary>
    internal JsonObject Configuration(string architecture) => new()
    {
        ["architecture"] = architecture,
        ["os"] = "linux",
        ["created"] = "2023-11-14T22:13:20Z",
        ["config"] = new JsonObject
        {
            [nameof(User)] = User,
            [nameof(Env)] = Array(Env),
            [nameof(Entrypoint)] = Array(Entrypoint),
            [nameof(Cmd)] = Array(Cmd),
            [nameof(WorkingDir)] = WorkingDir,
            [nameof(StopSignal)] = StopSignal,
            [nameof(Labels)] = new JsonObject(Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
        },
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = Array([.. Layers.Select(layer => layer.DiffId)]) },
    };

    private static JsonArray? Array(string[]? values) => values is null ? null : [.. values.Select(value => (JsonNode)value)];
}
