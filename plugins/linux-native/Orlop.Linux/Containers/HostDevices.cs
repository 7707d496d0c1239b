using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Mounting;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Containers;

/// <summary>Looks devices of the node up. Paths are the user's: for work of <see cref="HostPathOpener"/>.</summary>
internal static class HostDevices
{
    /// <summary>What a privileged container does not get of <c>/dev</c>: folders that are file systems of their own, and terminals of others.</summary>
    private static readonly string[] Skipped = ["pts", "shm", "fd", "mqueue", "console", ".lxc", ".lxd-mounts", ".udev"];

    /// <summary>The device nodes of a request and the rules that let the container use them.</summary>
    /// <exception cref="RuntimeException">InvalidArgument: there is no device.</exception>
    public static IReadOnlyList<(LinuxDevice Device, DeviceRule Rule)> Find(HostPaths paths, IReadOnlyList<HostDevice> devices)
    {
        var found = new List<(LinuxDevice, DeviceRule)>();
        foreach (HostDevice device in devices)
        {
            int before = found.Count;
            var finder = new Finder(paths.Status, paths.Names);
            if (finder.Status(device.HostPath, true) is { IsDirectory: true } && !ContainerPath.IsWithin(ContainerPath.Clean(device.HostPath), "/dev"))
                throw RuntimeException.InvalidArgument($"device {device.HostPath}: a folder outside of /dev; name the device.");
            Collect(finder, device.HostPath, ContainerPath.Clean(device.ContainerPath), device.Permissions, [], found);
            if (found.Count == before) throw RuntimeException.InvalidArgument($"device {device.HostPath}: no device node is there.");
        }
        return found;
    }

    /// <summary>All devices of the node, for a privileged container.</summary>
    public static IReadOnlyList<LinuxDevice> All()
    {
        var found = new List<(LinuxDevice Device, DeviceRule)>();
        Collect(new Finder(StatusOnNode, NamesOnNode), "/dev", "/dev", "rwm", Skipped, found);
        return [.. found.Select(pair => pair.Device)];
    }

    private static void Collect(Finder finder, string path, string target, string access, string[] skipped, List<(LinuxDevice, DeviceRule)> found)
    {
        if (finder.Status(path, skipped.Length == 0) is not { } status) return;
        if (status.IsDirectory)
        {
            foreach (string name in finder.Names(path))
                if (!skipped.Contains(name)) Collect(finder, $"{path}/{name}", $"{target}/{name}", access, Skipped, found);
        }
        else if (status.FileType is FileMode.CharacterDevice or FileMode.BlockDevice)
        {
            string type = status.FileType == FileMode.BlockDevice ? "b" : "c";
            found.Add((
                new LinuxDevice
                {
                    Type = type, Path = target, Major = status.RawDeviceMajor, Minor = status.RawDeviceMinor,
                    FileMode = (uint)(status.Mode & FileMode.PermissionMask), Uid = status.Uid, Gid = status.Gid,
                },
                new DeviceRule { Allow = true, Type = type, Major = status.RawDeviceMajor, Minor = status.RawDeviceMinor, Access = access }));
        }
    }

    private static FileStatus? StatusOnNode(string path, bool followLink) =>
        FileSystem.TryStatus(SafeFileDescriptor.CurrentDirectory, path, out FileStatus status, followLink ? AtFlags.None : AtFlags.SymlinkNoFollow) ? status : null;

    private static List<string> NamesOnNode(string path)
    {
        using SafeFileDescriptor folder = FileSystem.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        var names = new List<string>();
        foreach (DirectoryEntry entry in new DirectoryReader(folder, stackalloc byte[4096])) names.Add(Encoding.UTF8.GetString(entry.Name));
        return names;
    }

    /// <summary>How a path is looked at: the user's by a helper, the node's own <c>/dev</c> by ourselves.</summary>
    private readonly record struct Finder(Func<string, bool, FileStatus?> Status, Func<string, IReadOnlyList<string>> Names);
}
