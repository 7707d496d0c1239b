using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Manifests;
using Orlop.Cri.V1;

namespace Orlop.Cli.Pods;

/// <summary>The configuration of a pod's sandbox, as the kubelet would make it from the manifest.</summary>
internal static class SandboxConfigBuilder
{
    private const int LongestHostname = 63; // bytes, by sethostname(2) and the API server

    public static PodSandboxConfig Build(PodManifest pod, NodeFacts node, CliPaths paths)
    {
        var config = new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Name = pod.Name, Namespace = pod.Namespace, Uid = pod.Uid },
            Hostname = pod.HostNetwork ? "" : HostnameOf(pod),
            LogDirectory = paths.PodLogFolder(pod.Namespace, pod.Name, pod.Uid),
            DnsConfig = PodDns.Build(pod, node.ResolvConf),
            Linux = new LinuxPodSandboxConfig
            {
                SecurityContext = new SecurityContextBuilder(pod, paths).BuildSandbox(),
                Resources = ContainerResourcesBuilder.BuildPod(pod, node),
                Overhead = new LinuxContainerResources(),
            },
        };

        foreach (var (key, value) in pod.Labels)
            config.Labels[key] = value;

        foreach (var (key, value) in PodLabels(pod))
            config.Labels[key] = value;

        foreach (var (key, value) in pod.Annotations)
            config.Annotations[key] = value;

        config.Annotations[Labels.CreatedBy] = Labels.CreatedByRun;
        foreach (var (key, value) in pod.Security.Sysctls)
            config.Linux.Sysctls[key] = value;

        config.PortMappings.AddRange(pod.InitContainers.Where(container => container.IsSidecar).Concat(pod.Containers)
            .SelectMany(container => container.Ports)
            .Select(PortMapping));
        return config;
    }

    /// <summary>The labels that a pod's sandbox and containers carry, by which everyone finds them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> PodLabels(PodManifest pod) =>
    [
        new(Labels.PodName, pod.Name),
        new(Labels.PodNamespace, pod.Namespace),
        new(Labels.PodUid, pod.Uid),
    ];

    public static string HostnameOf(PodManifest pod)
    {
        string name = pod.Hostname ?? pod.Name;
        return name.Length <= LongestHostname ? name : name[..LongestHostname].TrimEnd('-', '.');
    }

    private static PortMapping PortMapping(PortManifest port) => new()
    {
        ContainerPort = port.ContainerPort,
        HostPort = port.HostPort,
        HostIp = port.HostIp,
        Protocol = port.Protocol switch { "UDP" => Protocol.Udp, "SCTP" => Protocol.Sctp, _ => Protocol.Tcp },
    };
}
