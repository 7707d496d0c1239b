using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

public static unsafe partial class FileSystem
{
    /// <summary>Leaves an owner as it is, when ownership is changed.</summary>
    public const uint KeepId = uint.MaxValue;

    /// <summary>statx(2).</summary>
    public static FileStatus Status(SafeFileDescriptor directory, PathBytes path, AtFlags flags = AtFlags.SymlinkNoFollow) =>
        TryStatus(directory, path, out FileStatus status, flags) ? status : throw SyscallException.Last("statx", path);

    /// <summary>statx(2) of an open file.</summary>
    public static FileStatus Status(SafeFileDescriptor file) => Status(file, PathBytes.Terminated("\0"u8), AtFlags.EmptyPath);

    /// <summary>statx(2); false when it fails, with errno in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public static bool TryStatus(SafeFileDescriptor directory, PathBytes path, out FileStatus status, AtFlags flags = AtFlags.SymlinkNoFollow)
    {
        fixed (byte* p = path)
        fixed (FileStatus* s = &status)
        {
            return Libc.Statx(directory, p, (int)flags, FileStatus.BasicMask | FileStatus.MountIdMask, s) >= 0;
        }
    }

    /// <summary>fstatfs(2).</summary>
    public static FileSystemStatus FileSystemOf(SafeFileDescriptor file)
    {
        FileSystemStatus status;
        return Libc.FstatFs(file, &status) >= 0 ? status : throw SyscallException.Last("fstatfs", "");
    }

    /// <summary>statfs(2).</summary>
    public static FileSystemStatus FileSystemOf(PathBytes path)
    {
        FileSystemStatus status;
        fixed (byte* p = path)
        {
            return Libc.StatFs(p, &status) >= 0 ? status : throw SyscallException.Last("statfs", path);
        }
    }

    /// <summary>fchownat(2). The kernel clears set-user-id bits and <c>security.capability</c>: set them afterwards.</summary>
    public static void ChangeOwner(SafeFileDescriptor directory, PathBytes path, uint uid, uint gid, AtFlags flags = AtFlags.SymlinkNoFollow)
    {
        fixed (byte* p = path)
        {
            if (Libc.FchownAt(directory, p, uid, gid, (int)flags) < 0) throw SyscallException.Last("fchownat", $"\"{path.ToString()}\" to {uid}:{gid}");
        }
    }

    /// <summary>fchownat(2) of an open file, also an <c>O_PATH</c> one.</summary>
    public static void ChangeOwner(SafeFileDescriptor file, uint uid, uint gid) =>
        ChangeOwner(file, PathBytes.Terminated("\0"u8), uid, gid, AtFlags.EmptyPath);

    /// <summary>fchmod(2).</summary>
    public static void ChangeMode(SafeFileDescriptor file, uint mode)
    {
        if (Libc.Fchmod(file, mode) < 0) throw SyscallException.Last("fchmod", $"to 0{Convert.ToString(mode, 8)}");
    }

    /// <summary>fchmodat(2); follows a symbolic link, as the kernel cannot change a link's mode.</summary>
    public static void ChangeMode(SafeFileDescriptor directory, PathBytes path, uint mode)
    {
        fixed (byte* p = path)
        {
            if (Libc.FchmodAt(directory, p, mode, 0) < 0) throw SyscallException.Last("fchmodat", $"\"{path.ToString()}\" to 0{Convert.ToString(mode, 8)}");
        }
    }

    /// <summary>utimensat(2).</summary>
    public static void SetTimes(SafeFileDescriptor directory, PathBytes path, TimeSpec access, TimeSpec modify, AtFlags flags = AtFlags.SymlinkNoFollow)
    {
        TimeSpec* times = stackalloc TimeSpec[2] { access, modify };
        fixed (byte* p = path)
        {
            if (Libc.UtimensAt(directory, p, times, (int)flags) < 0) throw SyscallException.Last("utimensat", path);
        }
    }

    /// <summary>futimens(3): glibc's utimensat refuses the missing path that the kernel takes.</summary>
    public static void SetTimes(SafeFileDescriptor file, TimeSpec access, TimeSpec modify)
    {
        TimeSpec* times = stackalloc TimeSpec[2] { access, modify };
        if (Libc.Futimens(file, times) < 0) throw SyscallException.Last("futimens", "");
    }
}
