namespace Orlop.Abstractions.Networking;

/// <summary>A port of the node that leads to a port of the pod; CRI <c>PortMapping</c>.</summary>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</param>
/// <param name="ContainerPort">The pod's port.</param>
/// <param name="HostPort">The node's port; 0 means none.</param>
/// <param name="HostIp">The node's address to listen on; empty means all.</param>
public sealed record PortMapping(string Protocol, int ContainerPort, int HostPort, string HostIp);
