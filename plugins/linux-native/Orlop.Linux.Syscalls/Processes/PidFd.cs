using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary>A process file descriptor; see pidfd_open(2). Readable when the process has exited.</summary>
public sealed unsafe class PidFd : SafeFileDescriptor
{
    /// <summary>A handle without a descriptor; filled in by the marshaller.</summary>
    public PidFd()
    {
    }

    /// <summary>Takes over a descriptor.</summary>
    public PidFd(int fd)
        : base(fd)
    {
    }

    /// <summary>pidfd_open(2).</summary>
    /// <exception cref="SyscallException">ESRCH when no such process exists.</exception>
    public static PidFd Open(int pid) => TryOpen(pid) ?? throw SyscallException.Last("pidfd_open", $"pid {pid}");

    /// <summary>pidfd_open(2); null when no such process exists.</summary>
    public static PidFd? TryOpen(int pid)
    {
        long fd = Libc.PidFdOpen(SyscallNumber.PidFdOpen, pid, 0);
        return fd >= 0 ? new PidFd((int)fd) : null;
    }

    /// <summary>pidfd_send_signal(2).</summary>
    /// <returns>False when the process is gone.</returns>
    public bool Signal(int signal)
    {
        if (Libc.PidFdSendSignal(SyscallNumber.PidFdSendSignal, this, signal, null, 0) >= 0) return true;
        return Marshal.GetLastPInvokeError() == Errno.ESRCH ? false : throw SyscallException.Last("pidfd_send_signal", $"signal {signal}");
    }

    /// <summary>
    /// The exit status once the process is gone and has been waited for, also for a process that is not our child: PIDFD_GET_INFO with
    /// PIDFD_INFO_EXIT, Linux 6.15.
    /// </summary>
    public bool TryGetExitStatus(out WaitStatus status)
    {
        const uint GetInfo = 0xC040FF0B; // _IOWR(0xFF, 11, struct pidfd_info) with the first size, 64 bytes
        const ulong InfoExit = 8;
        ulong* info = stackalloc ulong[8];
        new Span<ulong>(info, 8).Clear();
        info[0] = InfoExit;
        bool known = Libc.Ioctl(this, GetInfo, info) >= 0 && (info[0] & InfoExit) != 0;
        status = new WaitStatus(known ? ((int*)info)[15] : 0); // exit_code is the last field of the first 64 bytes
        return known;
    }
}
