using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>The size of a terminal in characters.</summary>
/// <remarks>OCI runtime-spec, config.md</remarks>
public sealed record ConsoleSize
{
    /// <summary>Rows.</summary>
    [JsonPropertyName("height")]
    public uint Height { get; init; }

    /// <summary>Columns.</summary>
    [JsonPropertyName("width")]
    public uint Width { get; init; }
}
