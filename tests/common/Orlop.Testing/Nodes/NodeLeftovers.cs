using Orlop.Testing.Machines;

namespace Orlop.Testing.Nodes;

/// <summary>Looks for what removed pods and an ended daemon should not have left on a node.</summary>
internal sealed class NodeLeftovers(Node node, IReadOnlyCollection<string> ids, IReadOnlyList<string> mountsAtStart)
{
    // A supervisor is told from those of other nodes by the file system of the folder that it holds open.
    private const string FindSupervisors =
        """
        device=$(stat -c %d /run)
        for process in $(pidof orlop-supervisor || true); do
            for file in /proc/$process/fd/*; do
                [ "$(stat -L -c %d "$file" 2>/dev/null)" != "$device" ] || { echo "$process"; break; }
            done
        done
        """;

    /// <summary>A process that belongs to the daemon, not to a pod, and ends with it.</summary>
    private const string PathHelper = " open-paths ";

    /// <summary>
    /// Fails while a process, supervisor, state folder, cgroup, snapshot, interface, address, network namespace, NAT rule or mount of
    /// the removed pods is there.
    /// </summary>
    public async Task VerifyPodsAreGoneAsync()
    {
        Verify("processes", Processes(node, ids).Where(pid => pid != node.Daemon.Pid).Select(Describe).Where(process => !process.EndsWith(PathHelper, StringComparison.Ordinal)));
        Verify("cgroups", ids.SelectMany(CgroupTree.Containing));
        Verify("addresses", Directory.EnumerateFiles(node.Folder.Leases, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Where(name => char.IsAsciiHexDigit(name![0]))!);
        Verify("supervisors", await ListAsync(FindSupervisors));
        Verify("state folders", await ListFolderAsync("/run/orlop/plugins/linux-native/pods"));
        Verify("snapshots", await ListFolderAsync($"{node.Folder.Root}/plugins/registry/overlay/snapshots"));
        var interfaces = await node.Namespaces.RunAsync("ip -o link show type veth");
        Verify("interfaces", interfaces.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var namespaces = await node.Namespaces.RunAsync("ls /run/netns");
        Verify("network namespaces", namespaces.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var rules = await node.Namespaces.RunAsync("iptables -t nat -S");
        Verify("NAT rules", rules.Split('\n').Where(rule => ids.Any(id => rule.Contains(id, StringComparison.Ordinal))));
        Verify("mounts", NewMounts());
    }

    /// <summary>Fails while a process, mount or socket of the ended daemon is there.</summary>
    public void VerifyDaemonIsGone()
    {
        Verify("processes", Processes(node, ids).Select(Describe));
        Verify("mounts", NewMounts());
        Verify("sockets", File.Exists(node.Folder.Socket) ? [node.Folder.Socket] : []);
    }

    /// <summary>The processes that carry the node's cgroup, folder or an id of its pods, save those of the fixture itself.</summary>
    public static IReadOnlyList<int> Processes(Node node, IReadOnlyCollection<string> ids) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0])).Select(int.Parse!).Where(pid => Belongs(pid, node, ids))];

    // Without its plugin there is no folder.
    private Task<string[]> ListFolderAsync(string folder) => ListAsync($"[ ! -e {folder} ] || ls -A {folder}");

    private async Task<string[]> ListAsync(string script) => (await node.Namespaces.RunAsync(script)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static bool Belongs(int pid, Node node, IReadOnlyCollection<string> ids)
    {
        try
        {
            var cgroups = File.ReadAllText($"/proc/{pid}/cgroup");
            var command = File.ReadAllText($"/proc/{pid}/cmdline");
            return command.Length > 0
                && (cgroups.Contains("/" + node.Name, StringComparison.Ordinal)
                    || ids.Any(id => cgroups.Contains(id, StringComparison.Ordinal) || command.Contains(id, StringComparison.Ordinal)));
        }
        catch (IOException)
        {
            return false; // it ended while we looked
        }
    }

    private static string Describe(int pid)
    {
        try
        {
            return $"{pid} {File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ')}";
        }
        catch (IOException)
        {
            return $"{pid} (just ended)";
        }
    }

    private IEnumerable<string> NewMounts() => node.Namespaces.MountPoints().Except(mountsAtStart, StringComparer.Ordinal);

    private static void Verify(string what, IEnumerable<string> left)
    {
        var list = left.ToList();
        if (list.Count > 0)
        {
            throw new InvalidOperationException($"left behind: {list.Count} {what}: {string.Join("; ", list.Take(10))}");
        }
    }
}
