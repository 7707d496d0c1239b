using System.Text.Json.Serialization;

namespace Orlop.Abstractions.Oci.Runtime;

/// <summary>The network of a Windows container.</summary>
/// <remarks>OCI runtime-spec, config-windows.md</remarks>
public sealed record WindowsNetwork
{
    /// <summary>HNS endpoints.</summary>
    [JsonPropertyName("endpointList")]
    public IReadOnlyList<string>? EndpointList { get; init; }

    /// <summary>Names without dots are looked up.</summary>
    [JsonPropertyName("allowUnqualifiedDNSQuery")]
    public bool AllowUnqualifiedDnsQuery { get; init; }

    /// <summary>Search domains.</summary>
    [JsonPropertyName("DNSSearchList")]
    public IReadOnlyList<string>? DnsSearchList { get; init; }

    /// <summary>A container whose network is shared.</summary>
    [JsonPropertyName("networkSharedContainerName")]
    public string? NetworkSharedContainerName { get; init; }

    /// <summary>The GUID of an HCN namespace.</summary>
    [JsonPropertyName("networkNamespace")]
    public string? NetworkNamespace { get; init; }
}
