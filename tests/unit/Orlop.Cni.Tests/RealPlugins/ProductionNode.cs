using System.Diagnostics;
using Orlop.Cni.Namespaces;
using Orlop.Cni.Tests.Support;

namespace Orlop.Cni.Tests.RealPlugins;

/// <summary>
/// A node whose own network is a namespace: the plugins of the distribution run inside it, so that no bridge and no rule
/// appears on the machine that runs the tests.
/// </summary>
internal sealed class ProductionNode
{
    public const string Plugins = "/usr/lib/cni";

    private static int s_count;

    private readonly string _name = $"orlopcni{Environment.ProcessId}x{Interlocked.Increment(ref s_count)}";
    private readonly HashSet<string> _pods = [];

    public ProductionNode()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException();
        }

        Node = new Node { Namespaces = new LinuxNamespaces(), TimeoutSeconds = 60 };
        Leases = Path.Combine(Node.Root, "leases");
        Run("ip", "netns", "add", _name);
        Inside("ip", "link", "set", "lo", "up");
        foreach (string plugin in (string[])["bridge", "host-local", "portmap", "firewall", "bandwidth"])
        {
            Node.WriteProgram(plugin, $"#!/bin/sh\nexec nsenter --net=/run/netns/{_name} {Plugins}/{plugin}\n");
        }
    }

    public Node Node { get; }

    /// <summary>Where host-local keeps its leases, a file for each address.</summary>
    public string Leases { get; }

    public IEnumerable<string> LeasedAddresses(string network) =>
        Directory.EnumerateFiles(Path.Combine(Leases, network)).Select(Path.GetFileName).Where(name => name!.Contains('.', StringComparison.Ordinal) && char.IsAsciiDigit(name[0]))!;

    /// <summary>Makes the network namespace of a pod.</summary>
    public string AddPod(string sandbox)
    {
        string name = $"{_name}{sandbox}";
        Run("ip", "netns", "add", name);
        _pods.Add(name);
        return $"/run/netns/{name}";
    }

    public void RemovePod(string sandbox)
    {
        string name = $"{_name}{sandbox}";
        Run("ip", "netns", "del", name);
        _pods.Remove(name);
    }

    /// <summary>Runs a program in the node's network.</summary>
    public string Inside(params string[] command) => Run(["ip", "netns", "exec", _name, .. command]);

    /// <summary>Runs a program in a pod's network.</summary>
    public string InPod(string sandbox, params string[] command) => Run(["ip", "netns", "exec", $"{_name}{sandbox}", .. command]);

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        foreach (string name in _pods.Append(_name).ToList())
        {
            Run("ip", "netns", "del", name);
        }
    }

    public static string Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, $"{string.Join(' ', command)} says: {errors.GetAwaiter().GetResult()}");
        return output;
    }
}
