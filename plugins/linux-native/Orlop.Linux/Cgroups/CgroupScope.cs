using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Cgroups;

/// <summary>
/// The part of a container's cgroup that one command runs in, so that its processes can be found and killed without the container's (R7). On v1 a
/// folder in the one tree that processes are counted by; in the other trees it shares the container's cgroups.
/// </summary>
internal sealed class CgroupScope
{
    private readonly string _folder;
    private readonly CgroupLayout _layout;
    private readonly Cgroup _cgroup;

    private CgroupScope(CgroupLayout layout, Cgroup cgroup, string name)
    {
        _layout = layout;
        _cgroup = cgroup;
        _folder = $"{cgroup.TrackingFolder}/{name}";
    }

    public static CgroupScope Create(CgroupLayout layout, Cgroup cgroup, string name)
    {
        var scope = new CgroupScope(layout, cgroup, name);
        FileSystem.MakeDirectory(SafeFileDescriptor.CurrentDirectory, scope._folder, 0x1ed); // 0755
        return scope;
    }

    /// <summary>Removes those that nothing is in any more.</summary>
    /// <param name="cgroup">The container's.</param>
    /// <param name="prefix">How their names begin; a container may have cgroups of its own beside them.</param>
    /// <param name="isDone">Whether nobody is about to enter the one of this name.</param>
    public static void Sweep(Cgroup cgroup, string prefix, Predicate<string> isDone)
    {
        foreach (string folder in Directory.Exists(cgroup.TrackingFolder) ? Directory.GetDirectories(cgroup.TrackingFolder, prefix + "*") : [])
            if (isDone(System.IO.Path.GetFileName(folder))) FileSystem.TryRemove(SafeFileDescriptor.CurrentDirectory, folder, AtFlags.RemoveDirectory);
    }

    /// <summary>Opens the way in.</summary>
    /// <param name="parent">The process whose child goes it.</param>
    public CgroupEntrance OpenEntrance(int parent) => CgroupEntrance.Open(
        _layout, _layout.Hierarchies.Select(tree => tree.MountPoint + _cgroup.Path).Select(folder => folder == _cgroup.TrackingFolder ? _folder : folder), parent);

    /// <summary>Opens <c>cgroup.kill</c>; null on v1 and before Linux 5.14.</summary>
    public SafeFileDescriptor? OpenKill() => _layout.Mode == CgroupMode.Unified
        ? FileSystem.TryOpen(SafeFileDescriptor.CurrentDirectory, $"{_folder}/cgroup.kill", OpenFlags.WriteOnly)
        : null;

    public SafeFileDescriptor OpenProcesses() => FileSystem.Open($"{_folder}/cgroup.procs", OpenFlags.ReadOnly);

    /// <summary>Removes it if nothing is in it.</summary>
    public bool TryRemove() => FileSystem.TryRemove(SafeFileDescriptor.CurrentDirectory, _folder, AtFlags.RemoveDirectory);
}
