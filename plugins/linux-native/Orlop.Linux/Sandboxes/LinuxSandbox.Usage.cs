using System.Globalization;
using Orlop.Abstractions.Execution;
using Orlop.Linux.Cgroups;

namespace Orlop.Linux.Sandboxes;

internal sealed partial class LinuxSandbox
{
    /// <summary>What the pod uses now; null when it is stopped.</summary>
    public SandboxUsage? Measure()
    {
        if (Client is null) return null;
        var containers = new Dictionary<string, ResourceUsage>(StringComparer.Ordinal);
        foreach ((string id, var container) in _containers)
            if (container.Measure() is { } usage) containers.Add(id, usage);
        return new SandboxUsage
        {
            SandboxId = Id,
            At = Parts.Time.GetUtcNow(),
            Pod = new Cgroup(Parts.Cgroups, _record.PodCgroup).Measure(),
            Interfaces = Spec.Network != NamespaceMode.Pod ? [] : Interfaces(CgroupFile.TryRead($"/proc/{SupervisorProcessId}/net/dev") ?? ""),
            Containers = containers,
        };
    }

    /// <param name="table">The content of <c>/proc/net/dev</c>; proc_pid_net(5).</param>
    internal static IReadOnlyList<InterfaceUsage> Interfaces(string table)
    {
        var interfaces = new List<InterfaceUsage>();
        foreach (string line in table.Split('\n').Skip(2)) // two lines of headings
        {
            int colon = line.LastIndexOf(':');
            if (colon < 0) continue;
            string name = line[..colon].Trim();
            string[] counters = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (name == "lo" || counters.Length < 11) continue;
            interfaces.Add(new InterfaceUsage(name, Counter(0), Counter(2), Counter(8), Counter(10)));

            ulong Counter(int column) => ulong.TryParse(counters[column], NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : 0;
        }
        return interfaces;
    }
}
