using System.Diagnostics;

namespace Orlop.Cni.Tests.RealPlugins;

/// <summary>A test with the plugins of the distribution, in network namespaces of its own; needs root.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealPluginsFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_obstacle = new(FindObstacle);

    public RealPluginsFactAttribute() => Skip = s_obstacle.Value;

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return "needs root on Linux";
        }

        string[] programs = ["bridge", "host-local", "portmap", "firewall"];
        if (programs.FirstOrDefault(name => !File.Exists($"{ProductionNode.Plugins}/{name}")) is { } missing)
        {
            return $"{ProductionNode.Plugins}/{missing} is not installed (Debian: containernetworking-plugins)";
        }

        if (!File.Exists("/bin/busybox"))
        {
            return "/bin/busybox, which has ping, is not installed (Debian: busybox-static)";
        }

        try
        {
            using var probe = Process.Start(new ProcessStartInfo("unshare", ["--net", "iptables", "-t", "nat", "-L"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            string errors = probe.StandardError.ReadToEnd();
            probe.WaitForExit();
            return probe.ExitCode == 0 ? null : $"cannot use iptables in a network namespace: {errors.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"unshare: {e.Message}";
        }
    }
}
