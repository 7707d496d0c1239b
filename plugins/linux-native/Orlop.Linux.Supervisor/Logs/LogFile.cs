using System.Runtime.InteropServices;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Logs;

/// <summary>
/// A container's log. Only the supervisor writes to it. A write that fails (no space, a broken disk) costs the lines that it held and nothing else: the
/// container never waits for its log and never dies of it.
/// </summary>
internal sealed unsafe class LogFile : ILogTarget, IDisposable
{
    private const uint Mode = 0x1A0; // 0640, as containerd makes it

    private readonly SafeFileDescriptor folder; // of the node's mount namespace, where no path of ours leads
    private readonly string name;
    private SafeFileDescriptor file;

    /// <summary>Takes over the folder.</summary>
    /// <exception cref="SyscallException">The file cannot be opened.</exception>
    public LogFile(SafeFileDescriptor folder, string name)
    {
        this.folder = folder;
        this.name = name;
        file = Open();
    }

    /// <summary>Bytes that could not be written.</summary>
    public long DroppedBytes { get; private set; }

    /// <summary>The errno of the last failed write; 0 when the last one succeeded.</summary>
    public int LastErrno { get; private set; }

    /// <summary>Opens the file anew after a rotation. The old one stays in use when that fails.</summary>
    /// <exception cref="SyscallException">The file cannot be opened.</exception>
    public void Reopen()
    {
        SafeFileDescriptor old = file;
        file = Open();
        old.Dispose();
    }

    public void Write(ReadOnlySpan<byte> lines)
    {
        int done = 0;
        fixed (byte* p = lines)
        {
            while (done < lines.Length)
            {
                nint written = Libc.Write(file, p + done, lines.Length - done);
                if (written > 0)
                {
                    done += (int)written;
                    continue;
                }

                int errno = written < 0 ? Marshal.GetLastPInvokeError() : Errno.EIO;
                if (errno == Errno.EINTR) continue;
                DropFrom(lines, done, errno);
                return;
            }
        }

        LastErrno = 0;
    }

    public void Dispose()
    {
        file.Dispose();
        folder.Dispose();
    }

    // A half line would swallow the next one: it is cut off again.
    private void DropFrom(ReadOnlySpan<byte> lines, int done, int errno)
    {
        int whole = lines[..done].LastIndexOf((byte)'\n') + 1;
        if (whole < done)
        {
            long end = Libc.Lseek(file, 0, 2);
            if (end >= done - whole) _ = Libc.Ftruncate(file, end - (done - whole));
        }

        DroppedBytes += lines.Length - whole;
        LastErrno = errno;
    }

    // NonBlock: a fifo in its place fails instead of blocking the pod.
    private SafeFileDescriptor Open() =>
        FileSystem.Open(folder, name, OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create | OpenFlags.NoFollow | OpenFlags.NonBlock, Mode);
}
