using System.Text.Json.Serialization;

namespace Orlop.Registry.Manifests;

/// <summary>Refers to a blob; OCI image spec, descriptor.md.</summary>
internal sealed record Descriptor
{
    [JsonPropertyName("mediaType")]
    public string MediaType { get => field ?? ""; init; }

    [JsonPropertyName("digest")]
    public string Digest { get => field ?? ""; init; }

    [JsonPropertyName("size")]
    public long Size { get; init; }

    [JsonPropertyName("urls")]
    public IReadOnlyList<string>? Urls { get; init; }

    [JsonPropertyName("platform")]
    public Platform? Platform { get; init; }

    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
