using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Images;

/// <summary>The configuration of an image: the JSON whose digest is the image's id.</summary>
/// <remarks>OCI image-spec, config.md</remarks>
public sealed record ImageConfiguration
{
    /// <summary>When it was built.</summary>
    [JsonPropertyName("created")]
    public DateTimeOffset? Created { get; init; }

    /// <summary>Who built it.</summary>
    [JsonPropertyName("author")]
    public string? Author { get; init; }

    /// <summary><c>amd64</c>.</summary>
    [JsonPropertyName("architecture")]
    public string Architecture { get; init; } = "";

    /// <summary><c>linux</c>.</summary>
    [JsonPropertyName("os")]
    public string Os { get; init; } = "";

    /// <summary>Windows: the build that it needs.</summary>
    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    /// <summary>Of the architecture: <c>v8</c>.</summary>
    [JsonPropertyName("variant")]
    public string? Variant { get; init; }

    /// <summary>What its containers start with.</summary>
    [JsonPropertyName("config")]
    public ImageProcess? Config { get; init; }

    /// <summary>Its layers.</summary>
    [JsonPropertyName("rootfs")]
    public ImageRootfs? Rootfs { get; init; }
}
