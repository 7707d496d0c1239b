using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>Limits on Windows.</summary>
/// <remarks>OCI runtime-spec, config-windows.md</remarks>
public sealed record WindowsResources
{
    /// <summary>Memory.</summary>
    [JsonPropertyName("memory")]
    public WindowsMemory? Memory { get; init; }

    /// <summary>CPU.</summary>
    [JsonPropertyName("cpu")]
    public WindowsCpu? Cpu { get; init; }

    /// <summary>Scratch disk.</summary>
    [JsonPropertyName("storage")]
    public WindowsStorage? Storage { get; init; }
}
