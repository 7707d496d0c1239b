using Orlop.Cli.Manifests;
using Orlop.Cri.V1;

namespace Orlop.Cli.Pods;

/// <summary>A pod's resolver: the host's resolv.conf (there is no cluster DNS here) with the pod's dnsConfig merged in.</summary>
internal static class PodDns
{
    // What resolvers of libc and the API server allow.
    private const int MostServers = 3;
    private const int MostSearches = 32;

    public static DNSConfig Build(PodManifest pod, string hostResolvConf)
    {
        var dns = pod.DnsPolicy == "None" ? new DNSConfig() : Parse(hostResolvConf);
        var result = new DNSConfig();
        result.Servers.AddRange(pod.Dns.Nameservers.Concat(dns.Servers).Distinct(StringComparer.Ordinal).Take(MostServers));
        result.Searches.AddRange(dns.Searches.Concat(pod.Dns.Searches).Distinct(StringComparer.Ordinal).Take(MostSearches));
        result.Options.AddRange(MergeOptions(dns.Options, pod.Dns.Options));
        return result;
    }

    /// <summary>The lines of resolv.conf(5); of several search lines the last counts.</summary>
    internal static DNSConfig Parse(string resolvConf)
    {
        var dns = new DNSConfig();
        foreach (string line in resolvConf.Split('\n'))
        {
            string[] words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var server, ..]:
                    dns.Servers.Add(server);
                    break;
                case ["search" or "domain", .. var searches]:
                    dns.Searches.Clear();
                    dns.Searches.AddRange(searches);
                    break;
                case ["options", .. var options]:
                    dns.Options.AddRange(options);
                    break;
            }
        }

        return dns;
    }

    /// <summary>An option of the pod replaces the host's of the same name: <c>ndots:2</c> replaces <c>ndots:1</c>.</summary>
    private static IEnumerable<string> MergeOptions(IEnumerable<string> host, IReadOnlyList<string> pod)
    {
        var own = pod.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return host.Where(option => !own.Contains(NameOf(option))).Concat(pod).Distinct(StringComparer.Ordinal);
    }

    private static string NameOf(string option) => option.Split(':')[0];
}
