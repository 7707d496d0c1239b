using Orlop.Linux.Mounting;
using Orlop.Linux.Programs;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Containers;

/// <summary>Finds out what a path of a container will be, before its mounts are in place.</summary>
internal sealed class PathProbe(SafeFileDescriptor root, IReadOnlyList<PlannedMount> mounts, HostPaths paths)
{
    /// <summary>Those of the paths that will exist.</summary>
    public IReadOnlyList<MaskedPath> Find(IReadOnlyList<string>? paths)
    {
        var found = new List<MaskedPath>();
        foreach (string path in paths ?? [])
        {
            string clean = ContainerPath.Clean(path);
            if (Status(clean) is { } status) found.Add(new MaskedPath(clean, status.IsDirectory));
        }
        return found;
    }

    private FileStatus? Status(string path)
    {
        PlannedMount? cover = mounts.LastOrDefault(mount => ContainerPath.IsWithin(path, mount.Destination));
        if (cover is null) return RootReader.Status(root, path);
        string rest = path[cover.Destination.Length..];
        return cover.Type switch
        {
            PlannedMount.Bind => paths.StatusIn(cover.Trees[0].Mount.Tree, rest.Length == 0 ? "." : rest[1..], cover.Source + rest),
            // The same entries in every instance, but for those of processes.
            "proc" => OnNode("/proc" + rest),
            "sysfs" => OnNode("/sys" + rest),
            _ when rest.Length == 0 => OnNode("/"),
            _ => null,
        };
    }

    private static FileStatus? OnNode(string path) =>
        FileSystem.TryStatus(SafeFileDescriptor.CurrentDirectory, path, out FileStatus status, AtFlags.None) ? status : null;
}
