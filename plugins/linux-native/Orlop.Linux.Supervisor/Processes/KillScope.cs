using System.Buffers.Text;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>Kills everything in a process's cgroup: at once with <c>cgroup.kill</c> (v2), or one by one from <c>cgroup.procs</c> (v1).</summary>
internal sealed unsafe class KillScope(SafeFileDescriptor? cgroupKill, SafeFileDescriptor? cgroupProcs) : IDisposable
{
    private const int MaxRounds = 16; // against a process that forks as fast as we kill; the owner's next kill goes on

    /// <summary>Kills. No error when nothing is there.</summary>
    /// <exception cref="SyscallException">The cgroup cannot be read or written.</exception>
    public void Kill()
    {
        if (cgroupKill is not null)
        {
            try
            {
                FileSystem.Write(cgroupKill, "1"u8);
            }
            catch (SyscallException e) when (e.Errno == Errno.ENODEV)
            {
                return; // the cgroup is gone
            }
        }
        else if (cgroupProcs is not null)
        {
            for (int round = 0; round < MaxRounds && KillListed(cgroupProcs); round++)
            {
            }
        }
    }

    public void Dispose()
    {
        cgroupKill?.Dispose();
        cgroupProcs?.Dispose();
    }

    private static bool KillListed(SafeFileDescriptor procs)
    {
        byte[] list;
        try
        {
            if (Libc.Lseek(procs, 0, 0) < 0) throw SyscallException.Last("lseek", "cgroup.procs");
            list = FileSystem.ReadAll(procs);
        }
        catch (SyscallException e) when (e.Errno == Errno.ENODEV)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = list;
        bool killed = false;
        while (Utf8Parser.TryParse(rest, out int pid, out int used))
        {
            rest = rest[Math.Min(used + 1, rest.Length)..];
            if (pid > 0 && Libc.Kill(pid, Signals.Kill) == 0) killed = true; // 0 is a process that our pid namespace does not show
        }

        return killed;
    }
}
