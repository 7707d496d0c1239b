using System.Net;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Networking;
using Orlop.Cri.V1;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Cri.Mapping;

internal static class SandboxMapping
{
    public static SandboxRequest ToRequest(RunPodSandboxRequest request)
    {
        var config = request.Config ?? throw RuntimeException.InvalidArgument("RunPodSandbox: the request has no config");
        var metadata = config.Metadata ?? throw RuntimeException.InvalidArgument("RunPodSandbox: the config has no metadata");
        var security = config.Linux?.SecurityContext;
        var namespaces = security?.NamespaceOptions;
        if (namespaces?.UsernsOptions is { Mode: not Orlop.Cri.V1.NamespaceMode.Node })
        {
            throw RuntimeException.InvalidArgument($"pod {metadata.Namespace}/{metadata.Name}: user namespaces are not supported by this handler; set hostUsers: true");
        }

        if (config.LogDirectory.Length > 0 && !Path.IsPathFullyQualified(config.LogDirectory))
        {
            throw RuntimeException.InvalidArgument($"pod {metadata.Namespace}/{metadata.Name}: log_directory \"{config.LogDirectory}\" is not absolute");
        }

        return new SandboxRequest
        {
            Handler = request.RuntimeHandler,
            LogDirectory = config.LogDirectory,
            PortMappings = [.. config.PortMappings.Select(ToPort)],
            Resources = ResourceMapping.ToRequest(config.Linux?.Overhead, config.Linux?.Resources),
            Spec = new SandboxSpec
            {
                Id = "",
                Name = metadata.Name,
                Namespace = metadata.Namespace,
                Uid = metadata.Uid,
                Attempt = metadata.Attempt,
                Hostname = config.Hostname,
                Dns = config.DnsConfig is { } dns ? new DnsConfig([.. dns.Servers], [.. dns.Searches], [.. dns.Options]) : DnsConfig.Empty,
                Network = NamespaceModes.Of("network", namespaces?.Network),
                Pid = NamespaceModes.Of("pid", namespaces?.Pid),
                Ipc = NamespaceModes.Of("ipc", namespaces?.Ipc),
                CgroupParent = config.Linux?.CgroupParent ?? "",
                Sysctls = config.Linux is { } linux ? new Dictionary<string, string>(linux.Sysctls, StringComparer.Ordinal) : new(StringComparer.Ordinal),
                Privileged = security?.Privileged ?? false,
                Labels = new Dictionary<string, string>(config.Labels, StringComparer.Ordinal),
                Annotations = new Dictionary<string, string>(config.Annotations, StringComparer.Ordinal),
            },
        };
    }

    public static PodSandboxStatus ToStatus(SandboxEntry sandbox)
    {
        var status = new PodSandboxStatus
        {
            Id = sandbox.Id,
            Metadata = Metadata(sandbox.Spec),
            State = State(sandbox),
            CreatedAt = Times.Nanoseconds(sandbox.CreatedAt),
            Network = new PodSandboxNetworkStatus { Ip = sandbox.Addresses.FirstOrDefault() ?? "" },
            Linux = new LinuxPodSandboxStatus
            {
                Namespaces = new Namespace
                {
                    Options = new NamespaceOption
                    {
                        Network = (Orlop.Cri.V1.NamespaceMode)sandbox.Spec.Network,
                        Pid = (Orlop.Cri.V1.NamespaceMode)sandbox.Spec.Pid,
                        Ipc = (Orlop.Cri.V1.NamespaceMode)sandbox.Spec.Ipc,
                    },
                },
            },
            RuntimeHandler = sandbox.Handler,
        };
        status.Network.AdditionalIps.AddRange(sandbox.Addresses.Skip(1).Select(a => new PodIP { Ip = a }));
        status.Labels.Put(sandbox.Spec.Labels);
        status.Annotations.Put(sandbox.Spec.Annotations);
        return status;
    }

    public static PodSandbox ToListItem(SandboxEntry sandbox)
    {
        var item = new PodSandbox
        {
            Id = sandbox.Id,
            Metadata = Metadata(sandbox.Spec),
            State = State(sandbox),
            CreatedAt = Times.Nanoseconds(sandbox.CreatedAt),
            RuntimeHandler = sandbox.Handler,
        };
        item.Labels.Put(sandbox.Spec.Labels);
        item.Annotations.Put(sandbox.Spec.Annotations);
        return item;
    }

    private static PodSandboxMetadata Metadata(SandboxSpec spec) => new() { Name = spec.Name, Namespace = spec.Namespace, Uid = spec.Uid, Attempt = spec.Attempt };

    private static PodSandboxState State(SandboxEntry sandbox) =>
        sandbox.State == SandboxState.Ready ? PodSandboxState.SandboxReady : PodSandboxState.SandboxNotready;

    private static Orlop.Abstractions.Networking.PortMapping ToPort(Orlop.Cri.V1.PortMapping port)
    {
        if (port.HostPort is < 0 or > ushort.MaxValue || port.ContainerPort is < 0 or > ushort.MaxValue)
            throw RuntimeException.InvalidArgument($"port mapping: container port {port.ContainerPort} at host port {port.HostPort}; ports go from 1 to {ushort.MaxValue}, and host port 0 asks for none");
        if (port.HostIp.Length > 0 && !IPAddress.TryParse(port.HostIp, out _))
            throw RuntimeException.InvalidArgument($"port mapping of container port {port.ContainerPort}: host_ip \"{port.HostIp}\" is no IP address");
        return new Orlop.Abstractions.Networking.PortMapping(Protocol(port.Protocol), port.ContainerPort, port.HostPort, port.HostIp);
    }

    private static string Protocol(Protocol protocol) => protocol switch
    {
        Orlop.Cri.V1.Protocol.Tcp => "tcp",
        Orlop.Cri.V1.Protocol.Udp => "udp",
        Orlop.Cri.V1.Protocol.Sctp => "sctp",
        _ => throw RuntimeException.InvalidArgument($"port mapping: protocol {(int)protocol} is unknown; use TCP, UDP or SCTP"),
    };
}
