using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Images;

/// <summary>The layers of an image.</summary>
/// <remarks>OCI image-spec, config.md</remarks>
public sealed record ImageRootfs
{
    /// <summary><c>layers</c>.</summary>
    [JsonPropertyName("type")]
    public string Type { get; init; } = "layers";

    /// <summary>Digests of the uncompressed layers, the lowest first.</summary>
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<string> DiffIds { get; init; } = [];
}
