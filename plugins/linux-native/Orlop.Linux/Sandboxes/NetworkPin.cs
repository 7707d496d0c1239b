using Orlop.Linux.Cgroups;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Sandboxes;

/// <summary>Keeps a pod's network namespace at a path where <c>ip netns</c> and CNI daemons look for it.</summary>
internal static class NetworkPin
{
    private const string Folder = "/run/netns";

    public static string PathOf(string sandboxId) => $"{Folder}/orlop-{(sandboxId.Length > 16 ? sandboxId[..16] : sandboxId)}";

    public static void Create(string sandboxId, int processId)
    {
        string path = PathOf(sandboxId);
        if (!CgroupFile.Exists(Folder)) MakeFolder();
        using (FileSystem.Open(path, OpenFlags.ReadOnly | OpenFlags.Create, 0x124)) // 0444
        {
        }
        Mounts.Mount(NamespaceOf(processId), path, "", MountFlags.Bind);
    }

    /// <summary>Pins the namespace anew where its pin is gone, or leads elsewhere.</summary>
    /// <returns>Whether that was needed.</returns>
    public static bool Repair(string sandboxId, int processId)
    {
        if (!TryFollow(NamespaceOf(processId), out FileStatus wanted)) return false; // the process ends right now
        if (TryFollow(PathOf(sandboxId), out FileStatus pinned) && (pinned.Inode, pinned.DeviceMajor, pinned.DeviceMinor) == (wanted.Inode, wanted.DeviceMajor, wanted.DeviceMinor)) return false;
        Remove(sandboxId);
        Create(sandboxId, processId);
        return true;
    }

    /// <summary>No error when it is gone.</summary>
    public static void Remove(string sandboxId)
    {
        string path = PathOf(sandboxId);
        while (Mounts.TryUnmount(path, UnmountFlags.Detach | UnmountFlags.NoFollow))
        {
        }
        FileSystem.TryRemove(SafeFileDescriptor.CurrentDirectory, path);
    }

    private static string NamespaceOf(int processId) => $"/proc/{processId}/ns/net";

    private static bool TryFollow(string path, out FileStatus status) => FileSystem.TryStatus(SafeFileDescriptor.CurrentDirectory, path, out status, AtFlags.None);

    private static void MakeFolder()
    {
        try
        {
            FileSystem.MakeDirectory(SafeFileDescriptor.CurrentDirectory, Folder, 0x1ed); // 0755
        }
        catch (SyscallException e) when (e.Errno == Errno.EEXIST)
        {
            // Another pod was faster.
        }
    }
}
