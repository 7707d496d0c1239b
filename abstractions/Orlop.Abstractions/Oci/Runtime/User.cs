using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>Who a process is.</summary>
/// <remarks>OCI runtime-spec, config.md</remarks>
public sealed record User
{
    /// <summary>User id.</summary>
    [JsonPropertyName("uid")]
    public uint Uid { get; init; }

    /// <summary>Group id.</summary>
    [JsonPropertyName("gid")]
    public uint Gid { get; init; }

    /// <summary>File mode mask.</summary>
    [JsonPropertyName("umask")]
    public uint? Umask { get; init; }

    /// <summary>Supplementary groups.</summary>
    [JsonPropertyName("additionalGids")]
    public IReadOnlyList<uint>? AdditionalGids { get; init; }

    /// <summary>Windows: the user's name.</summary>
    [JsonPropertyName("username")]
    public string? Username { get; init; }
}
