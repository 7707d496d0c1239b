using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>A resource limit; setrlimit(2).</summary>
/// <remarks>OCI runtime-spec, config.md</remarks>
public sealed record Rlimit
{
    /// <summary><c>RLIMIT_NOFILE</c>.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>What holds.</summary>
    [JsonPropertyName("soft")]
    public ulong Soft { get; init; }

    /// <summary>How far it can be raised.</summary>
    [JsonPropertyName("hard")]
    public ulong Hard { get; init; }
}
