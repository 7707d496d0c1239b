namespace Orlop.Testing.Machines;

/// <summary>What this machine lacks for a kind of test: the reason that a skipped test shows, or null when nothing is missing.</summary>
public static class Machine
{
    private static readonly string[] NodePrograms =
    [
        "/usr/bin/unshare", "/usr/bin/nsenter", "/usr/sbin/ip", "/usr/sbin/iptables", "/usr/bin/docker-registry", "/bin/busybox",
        "/usr/lib/cni/bridge", "/usr/lib/cni/host-local", "/usr/lib/cni/portmap", "/usr/lib/cni/loopback",
    ];

    private static readonly string[] ProgramFolders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"];

    private static readonly Lazy<string?> ForRoot = new(FindLackForRoot);
    private static readonly Lazy<string?> ForNode = new(() => LacksForRoot ?? FindLackForNode());

    /// <summary>Why a test that needs root cannot run here.</summary>
    public static string? LacksForRoot => ForRoot.Value;

    /// <summary>Why a test that needs a whole node cannot run here.</summary>
    public static string? LacksForNode => ForNode.Value;

    /// <summary>Where a program is; null when it is not installed.</summary>
    public static string? Find(string program) => Array.Find(ProgramFolders, folder => File.Exists(Path.Combine(folder, program))) is { } folder ? Path.Combine(folder, program) : null;

    /// <summary>Why a test that needs programs cannot run here.</summary>
    public static string? LackOf(IReadOnlyList<string> programs) =>
        programs.FirstOrDefault(program => Find(program) is null) is { } missing ? $"needs {missing}, which is not installed" : null;

    private static string? FindLackForRoot() =>
        !OperatingSystem.IsLinux() ? "needs Linux" : Environment.UserName != "root" ? "needs root" : null;

    private static string? FindLackForNode()
    {
        if (Array.Find(NodePrograms, program => !File.Exists(program)) is { } missing)
        {
            return $"needs {missing}, which is not installed (./test installs it)";
        }

        if (!File.ReadAllText("/proc/filesystems").Contains("overlay", StringComparison.Ordinal))
        {
            return "needs a kernel with overlayfs";
        }

        if (!CgroupTree.Hierarchies.Any(hierarchy => hierarchy.HasController("memory")))
        {
            return "needs a cgroup hierarchy with the memory controller";
        }

        var orlopd = Path.Combine(Repository.Dist, "orlopd", "orlopd");
        return File.Exists(orlopd) ? null : $"needs {orlopd}: run build/publish.sh";
    }
}
