using Orlop.Abstractions.Plugins;

namespace Orlop.Linux.Cgroups;

/// <summary>The cgroup trees of the node.</summary>
/// <param name="Mode">v1, v2 or both.</param>
/// <param name="Hierarchies">The trees that containers are put into: each v1 tree, or the v2 tree.</param>
/// <param name="UnifiedMountPoint">The v2 tree, also where it has no controllers; null without one.</param>
internal sealed record CgroupLayout(CgroupMode Mode, IReadOnlyList<CgroupHierarchy> Hierarchies, string? UnifiedMountPoint)
{
    private static readonly string[] Expected = ["cpu", "cpuset", "memory", "pids", "devices", "hugetlb"];

    /// <summary>Controllers that limits need and the node lacks. Devices are no controller of v2: a BPF program takes their place.</summary>
    public IReadOnlyList<string> Missing =>
        [.. Expected.Where(name => !(Mode == CgroupMode.Unified && name == "devices") && !Hierarchies.Any(tree => tree.Controllers.Contains(name)))];

    /// <summary>
    /// The file of a cgroup that a process with one thread enters it by, with a <c>0</c>. To move a whole process, as <c>cgroup.procs</c> does, the
    /// kernel first waits until no processor is in the middle of a fork: some 15 ms on a node that is idle. On v1 a thread can move itself without; on v2
    /// a process can be born in the cgroup: see <see cref="CgroupEntrance"/>.
    /// </summary>
    public string EntranceFile => Mode == CgroupMode.Unified ? "cgroup.procs" : "tasks";

    /// <summary>The tree of a controller; null where the node lacks it.</summary>
    public CgroupHierarchy? Find(string controller)
    {
        foreach (CgroupHierarchy tree in Hierarchies)
            if (tree.Controllers.Contains(controller)) return tree;
        return null;
    }

    /// <summary>Reads what is mounted below <paramref name="root"/>.</summary>
    /// <exception cref="SkipPluginException">Nothing is.</exception>
    public static CgroupLayout Detect(string root) =>
        Parse(CgroupFile.Read("/proc/self/mountinfo"), root, mountPoint => CgroupFile.TryRead($"{mountPoint}/cgroup.controllers") ?? "");

    /// <param name="mountInfo">The content of <c>/proc/self/mountinfo</c>; proc_pid_mountinfo(5).</param>
    /// <param name="root">Where cgroups are mounted: <c>/sys/fs/cgroup</c>.</param>
    /// <param name="readControllers">Reads <c>cgroup.controllers</c> of a v2 tree.</param>
    public static CgroupLayout Parse(string mountInfo, string root, Func<string, string> readControllers)
    {
        var legacy = new Dictionary<string, CgroupHierarchy>(StringComparer.Ordinal);
        CgroupHierarchy? unified = null;
        foreach (string line in mountInfo.Split('\n'))
        {
            string[] fields = line.Split(' ');
            int separator = Array.IndexOf(fields, "-");
            if (separator < 5 || fields.Length < separator + 4) continue;
            string mountPoint = fields[4];
            if (mountPoint != root && !mountPoint.StartsWith(root + "/", StringComparison.Ordinal)) continue;
            if (fields[separator + 1] == "cgroup2")
                unified = new CgroupHierarchy(mountPoint, CgroupText.Names(readControllers(mountPoint)));
            else if (fields[separator + 1] == "cgroup")
                legacy[mountPoint] = Legacy(mountPoint, fields[separator + 3].Split(','));
        }
        if (legacy.Count > 0)
            return new CgroupLayout(unified is null ? CgroupMode.Legacy : CgroupMode.Hybrid, [.. legacy.Values], unified?.MountPoint);
        return unified is not null
            ? new CgroupLayout(CgroupMode.Unified, [unified], unified.MountPoint)
            : throw new SkipPluginException($"no cgroups are mounted below {root}");
    }

    private static CgroupHierarchy Legacy(string mountPoint, string[] options)
    {
        string? name = Array.Find(options, option => option.StartsWith("name=", StringComparison.Ordinal));
        return name is null
            ? new CgroupHierarchy(mountPoint, [.. options.Where(IsController)])
            : new CgroupHierarchy(mountPoint, [], name["name=".Length..]);
    }

    private static bool IsController(string option) =>
        option is not ("rw" or "ro" or "xattr" or "noprefix" or "clone_children" or "cpuset_v2_mode" or "favordynmods")
        && !option.StartsWith("release_agent=", StringComparison.Ordinal);
}
