using Orlop.Cri.V1;

namespace Orlop.Cli.Client;

internal static class PodAddresses
{
    /// <summary>The pod's addresses, the primary one first; none for a pod in the host's network.</summary>
    public static IReadOnlyList<string> Of(PodSandboxStatus status) =>
        status.Network is { Ip.Length: > 0 } network ? [network.Ip, .. network.AdditionalIps.Select(address => address.Ip)] : [];
}
