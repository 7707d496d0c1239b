using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>A device node.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record LinuxDevice
{
    /// <summary><c>c</c>, <c>b</c>, <c>u</c> or <c>p</c>.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>Inside the container.</summary>
    [JsonPropertyName("path")]
    public required string Path { get; init; }

    /// <summary>Major number.</summary>
    [JsonPropertyName("major")]
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    [JsonPropertyName("minor")]
    public long Minor { get; init; }

    /// <summary>Permissions.</summary>
    [JsonPropertyName("fileMode")]
    public uint? FileMode { get; init; }

    /// <summary>Owner.</summary>
    [JsonPropertyName("uid")]
    public uint? Uid { get; init; }

    /// <summary>Group.</summary>
    [JsonPropertyName("gid")]
    public uint? Gid { get; init; }
}
