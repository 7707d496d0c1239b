using System.Text;
using Orlop.Cli.Manifests;

namespace Orlop.Cli.Pods;

/// <summary>The /etc/hosts of a pod's containers, which is the kubelet's work and not the runtime's.</summary>
internal static class HostsFile
{
    public static string Build(PodManifest pod, string hostname, IReadOnlyList<string> addresses, string hostsOfHost)
    {
        var text = new StringBuilder();
        if (pod.HostNetwork)
        {
            text.Append(hostsOfHost);
            if (text.Length > 0 && text[^1] != '\n')
                text.Append('\n');
        }
        else
        {
            text.Append("""
                127.0.0.1	localhost
                ::1	localhost ip6-localhost ip6-loopback
                fe00::0	ip6-localnet
                fe00::0	ip6-mcastprefix
                fe00::1	ip6-allnodes
                fe00::2	ip6-allrouters

                """);
            foreach (string address in addresses)
                text.Append($"{address}\t{hostname}\n");
        }

        foreach (var alias in pod.HostAliases)
            text.Append($"{alias.Ip}\t{string.Join('\t', alias.Hostnames)}\n");

        return text.ToString();
    }
}
