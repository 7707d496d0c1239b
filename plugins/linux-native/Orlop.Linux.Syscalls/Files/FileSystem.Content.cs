namespace Orlop.Linux.Syscalls;

public static unsafe partial class FileSystem
{
    /// <summary>read(2); 0 at the end.</summary>
    public static int Read(SafeFileDescriptor file, Span<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            nint read;
            do
            {
                read = Libc.Read(file, p, buffer.Length);
            }
            while (Libc.Interrupted(read));
            return read >= 0 ? (int)read : throw SyscallException.Last("read", "");
        }
    }

    /// <summary>pread(2); 0 at the end.</summary>
    public static int Read(SafeFileDescriptor file, Span<byte> buffer, long offset)
    {
        fixed (byte* p = buffer)
        {
            nint read;
            do
            {
                read = Libc.PRead(file, p, buffer.Length, offset);
            }
            while (Libc.Interrupted(read));
            return read >= 0 ? (int)read : throw SyscallException.Last("pread", $"at {offset}");
        }
    }

    /// <summary>write(2) until all is written.</summary>
    public static void Write(SafeFileDescriptor file, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            fixed (byte* p = data)
            {
                nint written;
                do
                {
                    written = Libc.Write(file, p, data.Length);
                }
                while (Libc.Interrupted(written));
                if (written < 0) throw SyscallException.Last("write", "");
                data = data[(int)written..];
            }
        }
    }

    /// <summary>Everything up to the end; for small files such as those of /proc and of cgroups, whose size is not known.</summary>
    /// <exception cref="SyscallException">EFBIG when there is more than <paramref name="limit"/> bytes.</exception>
    public static byte[] ReadAll(SafeFileDescriptor file, int limit = 1 << 20)
    {
        var buffer = new byte[Math.Min(limit, 4096)];
        int length = 0;
        for (int read; (read = Read(file, buffer.AsSpan(length))) > 0;)
        {
            length += read;
            if (length < buffer.Length) continue;
            if (length == limit) throw new SyscallException("read", Errno.EFBIG, $"more than {limit} bytes");
            Array.Resize(ref buffer, (int)Math.Min(limit, buffer.Length * 2L));
        }

        return buffer.AsSpan(0, length).ToArray();
    }

    /// <summary>fsync(2).</summary>
    public static void Sync(SafeFileDescriptor file)
    {
        if (Libc.Fsync(file) < 0) throw SyscallException.Last("fsync", "");
    }

    /// <summary>syncfs(2): the whole file system that holds the file.</summary>
    public static void SyncFileSystem(SafeFileDescriptor file)
    {
        if (Libc.SyncFs(file) < 0) throw SyscallException.Last("syncfs", "");
    }

    /// <summary>ftruncate(2).</summary>
    public static void SetLength(SafeFileDescriptor file, long length)
    {
        if (Libc.Ftruncate(file, length) < 0) throw SyscallException.Last("ftruncate", $"to {length}");
    }

    /// <summary>memfd_create(2).</summary>
    public static SafeFileDescriptor CreateMemoryFile(PathBytes name)
    {
        const uint CloseOnExec = 1;
        fixed (byte* p = name)
        {
            int fd = Libc.MemFdCreate(p, CloseOnExec);
            return fd >= 0 ? new SafeFileDescriptor(fd) : throw SyscallException.Last("memfd_create", name);
        }
    }
}
