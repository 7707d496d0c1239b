namespace Orlop.Abstractions.Networking;

/// <summary>A sandbox that is to be attached to the pod network.</summary>
public sealed record PodNetworkRequest
{
    /// <summary>The sandbox.</summary>
    public required string SandboxId { get; init; }

    /// <summary>CRI <c>PodSandboxMetadata.name</c>.</summary>
    public required string PodName { get; init; }

    /// <summary>CRI <c>PodSandboxMetadata.namespace</c>.</summary>
    public required string PodNamespace { get; init; }

    /// <summary>CRI <c>PodSandboxMetadata.uid</c>.</summary>
    public required string PodUid { get; init; }

    /// <summary>A path on Linux, the GUID of an HCN namespace on Windows.</summary>
    public required string NetworkNamespace { get; init; }

    /// <summary>Ports of the node that lead to the pod.</summary>
    public IReadOnlyList<PortMapping> PortMappings { get; init; } = [];

    /// <summary>The pod's resolver; handed to plugins with the <c>dns</c> capability.</summary>
    public DnsConfig Dns { get; init; } = DnsConfig.Empty;

    /// <summary>The pod's annotations, which carry for example <c>kubernetes.io/ingress-bandwidth</c>.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
