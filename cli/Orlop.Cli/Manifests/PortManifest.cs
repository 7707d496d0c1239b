namespace Orlop.Cli.Manifests;

/// <param name="HostPort">0 when the port is not opened on the host.</param>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
internal sealed record PortManifest(int ContainerPort, int HostPort, string HostIp, string Protocol);
