using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary>
/// Extended attributes; see xattr(7). Paths are taken as they are, links in the last part are not followed; with
/// <see cref="PathBytes.Inside"/> a name is relative to a directory descriptor, and for an open file, also an <c>O_PATH</c> one, there are the overloads with a descriptor.
/// </summary>
public static unsafe class ExtendedAttributes
{
    /// <summary>lsetxattr(2).</summary>
    public static void Set(PathBytes path, PathBytes name, ReadOnlySpan<byte> value)
    {
        fixed (byte* p = path)
        fixed (byte* n = name)
        fixed (byte* v = value)
        {
            if (Libc.LSetXattr(p, n, v, value.Length, 0) < 0) throw SyscallException.Last("lsetxattr", $"{name.ToString()} of \"{path.ToString()}\"");
        }
    }

    /// <summary>setxattr(2) of an open file through /proc/self/fd, which works for every kind of descriptor.</summary>
    public static void Set(SafeFileDescriptor file, PathBytes name, ReadOnlySpan<byte> value)
    {
        PathBytes path = PathBytes.Of(file);
        fixed (byte* p = path)
        fixed (byte* n = name)
        fixed (byte* v = value)
        {
            if (Libc.SetXattr(p, n, v, value.Length, 0) < 0) throw SyscallException.Last("setxattr", $"{name.ToString()}");
        }
    }

    /// <summary>lgetxattr(2); null when the file has no such attribute.</summary>
    public static byte[]? Get(PathBytes path, PathBytes name) => Get(path, name, follow: false);

    /// <summary>getxattr(2) of an open file; null when it has no such attribute.</summary>
    public static byte[]? Get(SafeFileDescriptor file, PathBytes name) => Get(PathBytes.Of(file), name, follow: true);

    /// <summary>llistxattr(2): the attributes' names.</summary>
    public static IReadOnlyList<byte[]> List(PathBytes path) => List(path, follow: false);

    /// <summary>listxattr(2) of an open file.</summary>
    public static IReadOnlyList<byte[]> List(SafeFileDescriptor file) => List(PathBytes.Of(file), follow: true);

    /// <summary>lremovexattr(2); false when there was none.</summary>
    public static bool Remove(PathBytes path, PathBytes name)
    {
        fixed (byte* p = path)
        fixed (byte* n = name)
        {
            return Removed(Libc.LRemoveXattr(p, n), path, name);
        }
    }

    /// <summary>removexattr(2) of an open file; false when there was none.</summary>
    public static bool Remove(SafeFileDescriptor file, PathBytes name)
    {
        PathBytes path = PathBytes.Of(file);
        fixed (byte* p = path)
        fixed (byte* n = name)
        {
            return Removed(Libc.RemoveXattr(p, n), path, name);
        }
    }

    private static bool Removed(int result, PathBytes path, PathBytes name)
    {
        if (result >= 0) return true;
        return Marshal.GetLastPInvokeError() == Errno.ENODATA ? false : throw SyscallException.Last("removexattr", $"{name.ToString()} of \"{path.ToString()}\"");
    }

    private static byte[]? Get(PathBytes path, PathBytes name, bool follow)
    {
        fixed (byte* p = path)
        fixed (byte* n = name)
        {
            for (var buffer = new byte[256]; ;)
            {
                nint length;
                fixed (byte* b = buffer)
                {
                    length = follow ? Libc.GetXattr(p, n, b, buffer.Length) : Libc.LGetXattr(p, n, b, buffer.Length);
                }

                if (length >= 0) return buffer.AsSpan(0, (int)length).ToArray();
                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.ENODATA) return null;
                if (errno != Errno.ERANGE || buffer.Length > XattrSizeMax) throw new SyscallException("getxattr", errno, $"{name.ToString()} of \"{path.ToString()}\"");
                buffer = new byte[buffer.Length * 2];
            }
        }
    }

    private static List<byte[]> List(PathBytes path, bool follow)
    {
        fixed (byte* p = path)
        {
            for (var buffer = new byte[1024]; ;)
            {
                nint length;
                fixed (byte* b = buffer)
                {
                    length = follow ? Libc.ListXattr(p, b, buffer.Length) : Libc.LListXattr(p, b, buffer.Length);
                }

                if (length >= 0) return Names(buffer.AsSpan(0, (int)length));
                int errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.ERANGE || buffer.Length > XattrSizeMax) throw new SyscallException("listxattr", errno, $"\"{path.ToString()}\"");
                buffer = new byte[buffer.Length * 2];
            }
        }
    }

    private static List<byte[]> Names(ReadOnlySpan<byte> list)
    {
        var names = new List<byte[]>();
        for (int end; (end = list.IndexOf((byte)0)) >= 0; list = list[(end + 1)..])
            names.Add(list[..end].ToArray());
        return names;
    }

    private const int XattrSizeMax = 65536; // XATTR_SIZE_MAX and XATTR_LIST_MAX of linux/limits.h
}
