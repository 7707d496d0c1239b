namespace Orlop.Cli.Manifests;

/// <summary>What <c>orlop run</c> takes from a v1 Pod; names are those of the Kubernetes API.</summary>
internal sealed record PodManifest
{
    public required string Name { get; init; }

    public required string Namespace { get; init; }

    public required string Uid { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    public required IReadOnlyList<ContainerManifest> InitContainers { get; init; }

    public required IReadOnlyList<ContainerManifest> Containers { get; init; }

    public required IReadOnlyList<VolumeManifest> Volumes { get; init; }

    public required PodSecurity Security { get; init; }

    /// <summary>Null when the manifest leaves it out: then nothing is restarted.</summary>
    public RestartPolicy? RestartPolicy { get; init; }

    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    public bool HostNetwork { get; init; }

    public bool HostPid { get; init; }

    public bool HostIpc { get; init; }

    public bool ShareProcessNamespace { get; init; }

    public string? Hostname { get; init; }

    public string DnsPolicy { get; init; } = "ClusterFirst";

    public DnsManifest Dns { get; init; } = new();

    public IReadOnlyList<HostAlias> HostAliases { get; init; } = [];

    /// <summary>The runtime handler; a node without an API server has no RuntimeClass objects to look it up in.</summary>
    public string RuntimeHandler { get; init; } = "";
}
