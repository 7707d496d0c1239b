using Orlop.Abstractions.Networking;

namespace Orlop.Abstractions.Execution;

/// <summary>A pod sandbox to make.</summary>
public sealed record SandboxSpec
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>CRI <c>PodSandboxMetadata.name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>CRI <c>PodSandboxMetadata.namespace</c>.</summary>
    public required string Namespace { get; init; }

    /// <summary>CRI <c>PodSandboxMetadata.uid</c>.</summary>
    public required string Uid { get; init; }

    /// <summary>CRI <c>PodSandboxMetadata.attempt</c>.</summary>
    public uint Attempt { get; init; }

    /// <summary>The pod's host name; empty for the node's.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>The resolver; empty for the node's.</summary>
    public DnsConfig Dns { get; init; } = DnsConfig.Empty;

    /// <summary>CRI <c>NamespaceOption.network</c>: pod or node.</summary>
    public NamespaceMode Network { get; init; } = NamespaceMode.Pod;

    /// <summary>CRI <c>NamespaceOption.pid</c>: pod, container or node.</summary>
    public NamespaceMode Pid { get; init; } = NamespaceMode.Container;

    /// <summary>CRI <c>NamespaceOption.ipc</c>: pod or node.</summary>
    public NamespaceMode Ipc { get; init; } = NamespaceMode.Pod;

    /// <summary>CRI <c>LinuxPodSandboxConfig.cgroup_parent</c>: the kubelet's cgroup of the pod, which it makes and removes itself.</summary>
    public string CgroupParent { get; init; } = "";

    /// <summary>CRI <c>LinuxPodSandboxConfig.sysctls</c>.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether containers of the pod may be privileged; CRI <c>LinuxSandboxSecurityContext.privileged</c>.</summary>
    public bool Privileged { get; init; }

    /// <summary>The pod's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The pod's annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
