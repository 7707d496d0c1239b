using System.Text;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Networking;
using Orlop.Linux.Cgroups;

namespace Orlop.Linux.Sandboxes;

/// <summary>The content of a pod's <c>/etc</c> files. Pure but for the node's own files.</summary>
internal static class PodFiles
{
    private const string Hosts = """
        127.0.0.1	localhost
        ::1	localhost ip6-localhost ip6-loopback
        fe00::	ip6-localnet
        ff00::	ip6-mcastprefix
        ff02::1	ip6-allnodes
        ff02::2	ip6-allrouters

        """;

    /// <summary>Writes hosts, hostname and resolv.conf.</summary>
    public static void Write(StateFolder folder, SandboxSpec spec)
    {
        folder.WriteFile("hosts", spec.Network == NamespaceMode.Node ? CgroupFile.TryRead("/etc/hosts") ?? Hosts : Hosts);
        folder.WriteFile("hostname", $"{Hostname(spec)}\n");
        folder.WriteFile("resolv.conf", spec.Dns.IsEmpty ? CgroupFile.TryRead("/etc/resolv.conf") ?? "" : Resolver(spec.Dns));
    }

    public static string Resolver(DnsConfig dns)
    {
        var text = new StringBuilder();
        if (dns.Searches.Count > 0) text.Append("search ").AppendJoin(' ', dns.Searches).Append('\n');
        foreach (string server in dns.Servers) text.Append("nameserver ").Append(server).Append('\n');
        if (dns.Options.Count > 0) text.Append("options ").AppendJoin(' ', dns.Options).Append('\n');
        return text.ToString();
    }

    private static string Hostname(SandboxSpec spec) =>
        spec.Hostname.Length > 0 ? spec.Hostname : CgroupFile.TryRead("/proc/sys/kernel/hostname")?.Trim() ?? "localhost";
}
