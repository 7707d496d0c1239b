using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>What only Windows has.</summary>
/// <remarks>OCI runtime-spec, config-windows.md</remarks>
public sealed record Windows
{
    /// <summary>Layers, top-most first, then the scratch folder.</summary>
    [JsonPropertyName("layerFolders")]
    public IReadOnlyList<string>? LayerFolders { get; init; }

    /// <summary>Limits.</summary>
    [JsonPropertyName("resources")]
    public WindowsResources? Resources { get; init; }

    /// <summary>Network.</summary>
    [JsonPropertyName("network")]
    public WindowsNetwork? Network { get; init; }

    /// <summary>A group managed service account, as JSON.</summary>
    [JsonPropertyName("credentialSpec")]
    public string? CredentialSpec { get; init; }

    /// <summary>Devices.</summary>
    [JsonPropertyName("devices")]
    public IReadOnlyList<WindowsDevice>? Devices { get; init; }

    /// <summary>Started for servicing.</summary>
    [JsonPropertyName("servicing")]
    public bool Servicing { get; init; }

    /// <summary>Faster start.</summary>
    [JsonPropertyName("ignoreFlushesDuringBoot")]
    public bool IgnoreFlushesDuringBoot { get; init; }

    /// <summary>Set for hypervisor isolation.</summary>
    [JsonPropertyName("hyperv")]
    public WindowsHyperV? HyperV { get; init; }
}
