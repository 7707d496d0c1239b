using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Setup;

/// <summary>
/// Moves into a mount namespace with next to nothing in it; see <see cref="PodRoot"/>. Every container's mount namespace starts as a copy of ours, so each
/// mount here would be paid for at each start, and would keep the node's mounts busy. What is reached later was opened before.
/// </summary>
internal static class MinimalRoot
{
    /// <summary>Moves.</summary>
    /// <param name="mountPoint">A folder to build the new root on; nobody else sees that.</param>
    /// <exception cref="SyscallException">The kernel refused.</exception>
    public static void Enter(string mountPoint)
    {
        Syscalls.Processes.Unshare(CloneFlags.NewMount);
        Mounts.SetPropagation("/", MountFlags.Recursive | MountFlags.Private);
        using SafeFileDescriptor proc = Mounts.CloneTree(SafeFileDescriptor.CurrentDirectory, "/proc", AtFlags.None);
        using SafeFileDescriptor sys = Mounts.CloneTree(SafeFileDescriptor.CurrentDirectory, "/sys", AtFlags.None);
        using SafeFileDescriptor root = MakeRoot();
        Mounts.Attach(root, SafeFileDescriptor.CurrentDirectory, mountPoint);
        Mounts.Attach(proc, root, PodRoot.Proc[1..]);
        Mounts.Attach(sys, root, PodRoot.Sys[1..]);
        FileSystem.ChangeDirectory(root);
        Mounts.PivotRoot(".", "."); // the old root now lies on top of the new one
        Mounts.Unmount(".", UnmountFlags.Detach);
        FileSystem.ChangeDirectory("/");
        Mounts.SetAttributes(root, "", AtFlags.EmptyPath, new MountAttributeChange { Set = MountAttributes.ReadOnly });
    }

    private static SafeFileDescriptor MakeRoot()
    {
        const uint FolderMode = 0x16D; // 0555
        using FileSystemContext tmpfs = Mounts.OpenFileSystem("tmpfs");
        tmpfs.Set("size", "64k");
        tmpfs.Set("mode", "0555");
        SafeFileDescriptor root = tmpfs.Mount(MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec);
        foreach (string folder in (ReadOnlySpan<string>)[PodRoot.Proc, PodRoot.Sys, PodRoot.Container])
            FileSystem.MakeDirectory(root, folder[1..], FolderMode);
        return root;
    }
}
