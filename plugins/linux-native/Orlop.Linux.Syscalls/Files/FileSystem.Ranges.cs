using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

public static unsafe partial class FileSystem
{
    /// <summary>pwrite(2) until all is written.</summary>
    public static void Write(SafeFileDescriptor file, ReadOnlySpan<byte> data, long offset)
    {
        while (!data.IsEmpty)
        {
            fixed (byte* p = data)
            {
                nint written;
                do
                {
                    written = Libc.PWrite(file, p, data.Length, offset);
                }
                while (Libc.Interrupted(written));
                if (written < 0) throw SyscallException.Last("pwrite", $"at {offset}");
                data = data[(int)written..];
                offset += written;
            }
        }
    }

    /// <summary>Shares the blocks of a whole file with an empty one: FICLONE of ioctl_ficlone(2).</summary>
    /// <returns>False when the file system cannot share blocks, or not between these two.</returns>
    public static bool TryClone(SafeFileDescriptor source, SafeFileDescriptor target)
    {
        const nuint FileClone = 0x40049409;
        int result = Libc.Ioctl(target, FileClone, (void*)source.Number);
        int errno = Marshal.GetLastPInvokeError();
        GC.KeepAlive(source);
        if (result >= 0) return true;
        return errno is Errno.EOPNOTSUPP or Errno.EXDEV or Errno.EINVAL or Errno.ENOTTY or Errno.ENOSYS
            ? false
            : throw new SyscallException("ioctl FICLONE", errno, "");
    }

    /// <summary>copy_file_range(2), or read and write where the kernel cannot: copies a range to the same offset of another file.</summary>
    public static void CopyRange(SafeFileDescriptor source, SafeFileDescriptor target, long offset, long length)
    {
        long end = offset + length;
        while (offset < end)
        {
            long from = offset, to = offset;
            nint copied = Libc.CopyFileRange(source, &from, target, &to, (nint)Math.Min(end - offset, 1 << 30), 0);
            if (copied > 0)
            {
                offset += copied;
                continue;
            }

            int errno = copied == 0 ? 0 : Marshal.GetLastPInvokeError();
            if (errno == Errno.EINTR) continue;
            if (errno is not (0 or Errno.EXDEV or Errno.EINVAL or Errno.ENOSYS or Errno.EOPNOTSUPP))
                throw new SyscallException("copy_file_range", errno, $"at {offset}");
            CopyByBuffer(source, target, offset, end);
            return;
        }
    }

    /// <summary>The next run of data at or behind an offset; SEEK_DATA and SEEK_HOLE of lseek(2).</summary>
    /// <returns>False when there is only a hole up to the end.</returns>
    public static bool TryFindData(SafeFileDescriptor file, long offset, out long start, out long end)
    {
        const int SeekData = 3, SeekHole = 4;
        end = 0;
        start = Libc.Lseek(file, offset, SeekData);
        if (start < 0)
            return Marshal.GetLastPInvokeError() == Errno.ENXIO ? false : throw SyscallException.Last("lseek", $"SEEK_DATA from {offset}");
        end = Libc.Lseek(file, start, SeekHole);
        return end >= 0 ? true : throw SyscallException.Last("lseek", $"SEEK_HOLE from {start}");
    }

    private static void CopyByBuffer(SafeFileDescriptor source, SafeFileDescriptor target, long offset, long end)
    {
        var buffer = new byte[1 << 16];
        while (offset < end)
        {
            int read = Read(source, buffer.AsSpan(0, (int)Math.Min(end - offset, buffer.Length)), offset);
            if (read == 0) return;
            Write(target, buffer.AsSpan(0, read), offset);
            offset += read;
        }
    }
}
