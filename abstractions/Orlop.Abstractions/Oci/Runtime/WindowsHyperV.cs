using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>Hypervisor isolation.</summary>
/// <remarks>OCI runtime-spec, config-windows.md</remarks>
public sealed record WindowsHyperV
{
    /// <summary>The folder of the utility VM.</summary>
    [JsonPropertyName("utilityVMPath")]
    public string? UtilityVmPath { get; init; }
}
