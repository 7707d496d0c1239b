using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>A rule of a system call filter.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record SeccompSyscall
{
    /// <summary>The calls.</summary>
    [JsonPropertyName("names")]
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>What happens.</summary>
    [JsonPropertyName("action")]
    public required string Action { get; init; }

    /// <summary>The errno, for actions that have one.</summary>
    [JsonPropertyName("errnoRet")]
    public uint? ErrnoRet { get; init; }

    /// <summary>Conditions on arguments; all must hold.</summary>
    [JsonPropertyName("args")]
    public IReadOnlyList<SeccompArg>? Args { get; init; }
}
