namespace Orlop.Linux.Syscalls;

/// <summary>Mounts by path and by descriptor. Every failure is a <see cref="SyscallException"/>.</summary>
public static unsafe class Mounts
{
    private const uint OpenTreeClone = 1, OpenTreeCloseOnExec = 0x80000;

    /// <summary>mount(2). An empty <paramref name="type"/> or <paramref name="data"/> is passed as NULL.</summary>
    public static void Mount(PathBytes source, PathBytes target, string type, MountFlags flags, string data = "")
    {
        PathBytes typeBytes = type, dataBytes = data;
        fixed (byte* s = source)
        fixed (byte* t = target)
        fixed (byte* k = typeBytes)
        fixed (byte* d = dataBytes)
        {
            if (Libc.Mount(s, t, type.Length == 0 ? null : k, (ulong)flags, data.Length == 0 ? null : d) < 0)
                throw SyscallException.Last("mount", $"\"{source.ToString()}\" on \"{target.ToString()}\"{(type.Length == 0 ? "" : " type " + type)}{(data.Length == 0 ? "" : " with " + data)}");
        }
    }

    /// <summary>Changes how mounts at a place propagate: mount(2) with MS_PRIVATE, MS_SLAVE or MS_SHARED.</summary>
    public static void SetPropagation(PathBytes target, MountFlags propagation)
    {
        fixed (byte* t = target)
        {
            if (Libc.Mount(null, t, null, (ulong)propagation, null) < 0) throw SyscallException.Last("mount", $"\"{target.ToString()}\" as {propagation}");
        }
    }

    /// <summary>umount2(2).</summary>
    public static void Unmount(PathBytes target, UnmountFlags flags)
    {
        if (!TryUnmount(target, flags)) throw SyscallException.Last("umount2", target);
    }

    /// <summary>umount2(2); false when it fails, with errno in the thread's last error.</summary>
    public static bool TryUnmount(PathBytes target, UnmountFlags flags)
    {
        fixed (byte* t = target)
        {
            return Libc.Umount2(t, (int)flags) >= 0;
        }
    }

    /// <summary>pivot_root(2). Twice <c>.</c> stacks the old root over the new one.</summary>
    public static void PivotRoot(PathBytes newRoot, PathBytes putOld)
    {
        fixed (byte* n = newRoot)
        fixed (byte* o = putOld)
        {
            if (Libc.PivotRoot(SyscallNumber.PivotRoot, n, o) < 0) throw SyscallException.Last("pivot_root", newRoot);
        }
    }

    /// <summary>open_tree(2) with OPEN_TREE_CLONE: a detached bind mount, which goes away with its descriptor.</summary>
    public static SafeFileDescriptor CloneTree(SafeFileDescriptor directory, PathBytes path, AtFlags flags)
    {
        fixed (byte* p = path)
        {
            long fd = Libc.OpenTree(SyscallNumber.OpenTree, directory, p, OpenTreeClone | OpenTreeCloseOnExec | (uint)flags);
            return fd >= 0 ? new SafeFileDescriptor((int)fd) : throw SyscallException.Last("open_tree", path);
        }
    }

    /// <summary>move_mount(2) of a detached mount.</summary>
    public static void Attach(SafeFileDescriptor mount, SafeFileDescriptor directory, PathBytes path)
    {
        const uint FromEmptyPath = 4, ToEmptyPath = 0x40;
        byte empty = 0;
        fixed (byte* p = path)
        {
            uint flags = path.Name.IsEmpty ? FromEmptyPath | ToEmptyPath : FromEmptyPath;
            if (Libc.MoveMount(SyscallNumber.MoveMount, mount, &empty, directory, p, flags) < 0) throw SyscallException.Last("move_mount", path);
        }
    }

    /// <summary>mount_setattr(2).</summary>
    public static void SetAttributes(SafeFileDescriptor directory, PathBytes path, AtFlags flags, MountAttributeChange change)
    {
        fixed (byte* p = path)
        {
            if (Libc.MountSetAttr(SyscallNumber.MountSetAttr, directory, p, (uint)flags, &change, sizeof(MountAttributeChange)) < 0)
                throw SyscallException.Last("mount_setattr", $"\"{path.ToString()}\" set {change.Set} clear {change.Clear}");
        }
    }

    /// <summary>fsopen(2).</summary>
    public static FileSystemContext OpenFileSystem(string type)
    {
        const uint CloseOnExec = 1;
        fixed (byte* t = (PathBytes)type)
        {
            long fd = Libc.FsOpen(SyscallNumber.FsOpen, t, CloseOnExec);
            return fd >= 0 ? new FileSystemContext(type, (int)fd) : throw SyscallException.Last("fsopen", type);
        }
    }
}
