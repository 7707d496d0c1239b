using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>A condition on an argument of a system call.</summary>
/// <remarks>OCI runtime-spec, config-linux.md</remarks>
public sealed record SeccompArg
{
    /// <summary>0 to 5.</summary>
    [JsonPropertyName("index")]
    public uint Index { get; init; }

    /// <summary>What it is compared with; the mask of a masked comparison.</summary>
    [JsonPropertyName("value")]
    public ulong Value { get; init; }

    /// <summary>What the masked argument must equal.</summary>
    [JsonPropertyName("valueTwo")]
    public ulong ValueTwo { get; init; }

    /// <summary><c>SCMP_CMP_EQ</c> and others.</summary>
    [JsonPropertyName("op")]
    public required string Op { get; init; }
}
