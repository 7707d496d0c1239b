using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary>Files by directory descriptor and name. Every descriptor is closed on exec; every failure is a <see cref="SyscallException"/>.</summary>
public static unsafe partial class FileSystem
{
    /// <summary>openat(2).</summary>
    public static SafeFileDescriptor Open(SafeFileDescriptor directory, PathBytes path, OpenFlags flags, uint mode = 0) =>
        TryOpen(directory, path, flags, mode) ?? throw SyscallException.Last("openat", path);

    /// <summary>openat(2); null when it fails, with errno in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public static SafeFileDescriptor? TryOpen(SafeFileDescriptor directory, PathBytes path, OpenFlags flags, uint mode = 0)
    {
        fixed (byte* p = path)
        {
            int fd;
            do
            {
                fd = Libc.OpenAt(directory, p, (int)(flags | OpenFlags.CloseOnExec), mode);
            }
            while (Libc.Interrupted(fd));
            return fd >= 0 ? new SafeFileDescriptor(fd) : null;
        }
    }

    /// <summary>open(2) of a path from the working directory or the root.</summary>
    public static SafeFileDescriptor Open(PathBytes path, OpenFlags flags, uint mode = 0) =>
        Open(SafeFileDescriptor.CurrentDirectory, path, flags, mode);

    /// <summary>openat2(2): opens with rules for the walk. EAGAIN (a rename raced with <c>..</c>) is tried again, as the man page asks.</summary>
    public static SafeFileDescriptor Open(SafeFileDescriptor directory, PathBytes path, OpenFlags flags, ResolveFlags resolve, uint mode = 0) =>
        TryOpen(directory, path, flags, resolve, mode) ?? throw SyscallException.Last("openat2", path);

    /// <summary>openat2(2); null when it fails, with errno in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public static SafeFileDescriptor? TryOpen(SafeFileDescriptor directory, PathBytes path, OpenFlags flags, ResolveFlags resolve, uint mode = 0)
    {
        const int Attempts = 128;
        var how = new OpenHow { Flags = (ulong)(flags | OpenFlags.CloseOnExec), Mode = mode, Resolve = (ulong)resolve };
        fixed (byte* p = path)
        {
            for (int attempt = 1; ; attempt++)
            {
                long fd = Libc.OpenAt2(SyscallNumber.OpenAt2, directory, p, &how, sizeof(OpenHow));
                if (fd >= 0) return new SafeFileDescriptor((int)fd);
                if (Marshal.GetLastPInvokeError() is not (Errno.EAGAIN or Errno.EINTR) || attempt == Attempts) return null;
            }
        }
    }

    /// <summary>mkdirat(2). The process's umask applies.</summary>
    public static void MakeDirectory(SafeFileDescriptor directory, PathBytes path, uint mode)
    {
        fixed (byte* p = path)
        {
            if (Libc.MkdirAt(directory, p, mode) < 0) throw SyscallException.Last("mkdirat", path);
        }
    }

    /// <summary>mknodat(2).</summary>
    /// <param name="directory">Where.</param>
    /// <param name="path">The name.</param>
    /// <param name="mode">Type and permission bits; <see cref="FileMode"/>. The process's umask applies.</param>
    /// <param name="device"><see cref="FileMode.Device"/> for device nodes; else 0.</param>
    public static void MakeNode(SafeFileDescriptor directory, PathBytes path, uint mode, ulong device = 0)
    {
        fixed (byte* p = path)
        {
            if (Libc.MknodAt(directory, p, mode, device) < 0) throw SyscallException.Last("mknodat", path);
        }
    }

    /// <summary>symlinkat(2).</summary>
    public static void MakeSymlink(PathBytes target, SafeFileDescriptor directory, PathBytes path)
    {
        fixed (byte* t = target)
        fixed (byte* p = path)
        {
            if (Libc.SymlinkAt(t, directory, p) < 0) throw SyscallException.Last("symlinkat", path);
        }
    }

    /// <summary>linkat(2).</summary>
    public static void MakeLink(SafeFileDescriptor oldDirectory, PathBytes oldPath, SafeFileDescriptor newDirectory, PathBytes newPath, AtFlags flags = AtFlags.None)
    {
        fixed (byte* o = oldPath)
        fixed (byte* n = newPath)
        {
            if (Libc.LinkAt(oldDirectory, o, newDirectory, n, (int)flags) < 0)
                throw SyscallException.Last("linkat", $"\"{oldPath.ToString()}\" as \"{newPath.ToString()}\"");
        }
    }

    /// <summary>unlinkat(2); with <see cref="AtFlags.RemoveDirectory"/> for an empty folder.</summary>
    public static void Remove(SafeFileDescriptor directory, PathBytes path, AtFlags flags = AtFlags.None)
    {
        if (!TryRemove(directory, path, flags)) throw SyscallException.Last("unlinkat", path);
    }

    /// <summary>unlinkat(2); false when it fails, with errno in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public static bool TryRemove(SafeFileDescriptor directory, PathBytes path, AtFlags flags = AtFlags.None)
    {
        fixed (byte* p = path)
        {
            return Libc.UnlinkAt(directory, p, (int)flags) >= 0;
        }
    }

    /// <summary>renameat2(2).</summary>
    public static void Rename(SafeFileDescriptor oldDirectory, PathBytes oldPath, SafeFileDescriptor newDirectory, PathBytes newPath, RenameFlags flags = RenameFlags.None)
    {
        fixed (byte* o = oldPath)
        fixed (byte* n = newPath)
        {
            if (Libc.RenameAt2(oldDirectory, o, newDirectory, n, (uint)flags) < 0)
                throw SyscallException.Last("renameat2", $"\"{oldPath.ToString()}\" to \"{newPath.ToString()}\"");
        }
    }

    /// <summary>readlinkat(2): the target's bytes. An empty path reads an <c>O_PATH</c> descriptor of a link.</summary>
    public static byte[] ReadLink(SafeFileDescriptor directory, PathBytes path)
    {
        const int PathMax = 4096; // limits.h; the kernel makes no longer links
        byte* buffer = stackalloc byte[PathMax];
        fixed (byte* p = path)
        {
            nint length = Libc.ReadLinkAt(directory, p, buffer, PathMax);
            return length >= 0 ? new ReadOnlySpan<byte>(buffer, (int)length).ToArray() : throw SyscallException.Last("readlinkat", path);
        }
    }

    /// <summary>chdir(2).</summary>
    public static void ChangeDirectory(PathBytes path)
    {
        fixed (byte* p = path)
        {
            if (Libc.Chdir(p) < 0) throw SyscallException.Last("chdir", path);
        }
    }

    /// <summary>fchdir(2).</summary>
    public static void ChangeDirectory(SafeFileDescriptor directory)
    {
        if (Libc.Fchdir(directory) < 0) throw SyscallException.Last("fchdir", "");
    }

    /// <summary>flock(2), exclusive.</summary>
    /// <returns>False when somebody else holds it and <paramref name="wait"/> is false.</returns>
    public static bool Lock(SafeFileDescriptor file, bool wait)
    {
        const int Exclusive = 2, NonBlocking = 4;
        int result;
        do
        {
            result = Libc.Flock(file, wait ? Exclusive : Exclusive | NonBlocking);
        }
        while (Libc.Interrupted(result));
        if (result >= 0) return true;
        return !wait && Marshal.GetLastPInvokeError() == Errno.EAGAIN ? false : throw SyscallException.Last("flock", "");
    }
}
