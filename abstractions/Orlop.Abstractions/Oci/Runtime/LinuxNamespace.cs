using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>A namespace to make, or with a path one to join.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record LinuxNamespace
{
    /// <summary><c>pid</c>, <c>network</c>, <c>mount</c>, <c>ipc</c>, <c>uts</c>, <c>user</c>, <c>cgroup</c> or <c>time</c>.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The namespace to join.</summary>
    [JsonPropertyName("path")]
    public string? Path { get; init; }
}
