namespace Orlop.Testing.Machines;

/// <summary>The cgroups of this machine, handled as a kubelet with the cgroupfs driver does: one folder in every hierarchy.</summary>
public static class CgroupTree
{
    /// <summary>Every mounted hierarchy, v1 and v2.</summary>
    public static IReadOnlyList<Hierarchy> Hierarchies { get; } = OperatingSystem.IsLinux() ? ReadHierarchies() : [];

    /// <summary>Whether the memory controller lives in the v2 tree.</summary>
    public static bool IsV2 => For("memory").IsV2;

    /// <summary>The hierarchy that carries <paramref name="controller"/>.</summary>
    public static Hierarchy For(string controller) =>
        Hierarchies.FirstOrDefault(hierarchy => hierarchy.HasController(controller))
        ?? throw new InvalidOperationException($"no cgroup hierarchy has the controller {controller}");

    /// <summary>Makes the cgroup in every hierarchy, with its parents, and hands the v2 controllers and v1 cpusets down to it.</summary>
    public static void Create(string path)
    {
        foreach (var hierarchy in Hierarchies)
        {
            var folder = hierarchy.MountPoint;
            foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                EnableControllers(hierarchy, folder);
                var parent = folder;
                folder = Path.Combine(folder, name);
                Directory.CreateDirectory(folder);
                InheritCpuset(hierarchy, parent, folder);
            }
        }
    }

    /// <summary>Removes the cgroup and all below it from every hierarchy; its processes must be gone.</summary>
    public static void Remove(string path)
    {
        foreach (var hierarchy in Hierarchies)
        {
            foreach (var folder in Descendants(hierarchy.Folder(path)).Reverse())
            {
                Directory.Delete(folder);
            }
        }
    }

    /// <summary>The folders below the cgroup <paramref name="path"/>, in all hierarchies.</summary>
    public static IReadOnlyList<string> Children(string path) =>
        [.. Hierarchies.SelectMany(hierarchy => Descendants(hierarchy.Folder(path)).Skip(1))];

    /// <summary>The cgroup folders anywhere on the machine whose path contains <paramref name="text"/>.</summary>
    public static IReadOnlyList<string> Containing(string text) =>
        [.. Hierarchies.SelectMany(hierarchy => Descendants(hierarchy.MountPoint)).Where(folder => folder.Contains(text, StringComparison.Ordinal))];

    /// <summary>The processes in the cgroup <paramref name="path"/> and below, in any hierarchy.</summary>
    public static IReadOnlyList<int> Processes(string path) =>
        [.. Hierarchies
            .SelectMany(hierarchy => Descendants(hierarchy.Folder(path)))
            .SelectMany(folder => File.ReadAllLines(Path.Combine(folder, "cgroup.procs")))
            .Select(int.Parse)
            .Distinct()];

    private static IEnumerable<string> Descendants(string folder) =>
        !Directory.Exists(folder) ? [] : Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).SelectMany(Descendants).Prepend(folder);

    // Only in the parents: below the pod's own cgroup it is the runtime's work.
    private static void EnableControllers(Hierarchy hierarchy, string folder)
    {
        if (hierarchy.IsV2 && hierarchy.Controllers.Count > 0)
        {
            File.WriteAllText(Path.Combine(folder, "cgroup.subtree_control"), string.Join(' ', hierarchy.Controllers.Select(name => '+' + name)));
        }
    }

    // A v1 cpuset starts empty, and no process can enter an empty one (cpuset(7)).
    private static void InheritCpuset(Hierarchy hierarchy, string parent, string folder)
    {
        if (hierarchy.IsV2 || !hierarchy.HasController("cpuset"))
        {
            return;
        }

        foreach (var file in (string[])["cpuset.cpus", "cpuset.mems"])
        {
            if (File.ReadAllText(Path.Combine(folder, file)).Trim().Length == 0)
            {
                File.WriteAllText(Path.Combine(folder, file), File.ReadAllText(Path.Combine(parent, file)));
            }
        }
    }

    private static List<Hierarchy> ReadHierarchies()
    {
        var hierarchies = new List<Hierarchy>();
        foreach (var mount in File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')))
        {
            if (mount[2] == "cgroup2")
            {
                hierarchies.Add(new Hierarchy(mount[1], IsV2: true, File.ReadAllText(Path.Combine(mount[1], "cgroup.controllers")).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
            }
            else if (mount[2] == "cgroup")
            {
                hierarchies.Add(new Hierarchy(mount[1], IsV2: false, mount[3].Split(',')));
            }
        }

        return [.. hierarchies.DistinctBy(hierarchy => hierarchy.MountPoint)];
    }
}
