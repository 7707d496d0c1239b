using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary>Processes and namespaces. Every failure is a <see cref="SyscallException"/>.</summary>
public static unsafe class Processes
{
    /// <summary>unshare(2) of the calling thread.</summary>
    public static void Unshare(CloneFlags flags)
    {
        if (Libc.Unshare((int)flags) < 0) throw SyscallException.Last("unshare", flags.ToString());
    }

    /// <summary>setns(2) of the calling thread.</summary>
    /// <param name="target">A namespace's descriptor, or a pidfd for several kinds at once.</param>
    /// <param name="kinds">The kinds to join.</param>
    public static void Join(SafeFileDescriptor target, CloneFlags kinds)
    {
        if (Libc.SetNs(target, (int)kinds) < 0) throw SyscallException.Last("setns", kinds.ToString());
    }

    /// <summary>waitpid(2) for a child.</summary>
    /// <param name="pid">A child, or -1 for any.</param>
    /// <param name="wait">Whether to wait for its end.</param>
    /// <param name="status">How it ended.</param>
    /// <returns>The child's id; 0 when none has ended yet; -1 when there is no such child.</returns>
    public static int Wait(int pid, bool wait, out WaitStatus status)
    {
        const int NoHang = 1;
        int raw = 0;
        int result;
        do
        {
            result = Libc.WaitPid(pid, &raw, wait ? 0 : NoHang);
        }
        while (Libc.Interrupted(result));
        if (result < 0 && Marshal.GetLastPInvokeError() != Errno.ECHILD) throw SyscallException.Last("waitpid", $"pid {pid}");
        status = new WaitStatus(raw);
        return result;
    }

    /// <summary>A child that has ended and was not waited for; waitid(2) with WNOWAIT.</summary>
    /// <returns>Its id; 0 when there is none.</returns>
    public static int FindExited()
    {
        const int All = 0, NoHang = 1, Exited = 4, NoWait = 0x1000000;
        const int InfoSize = 128, PidOffset = 16; // siginfo_t: signo, errno, code, padding, pid
        byte* info = stackalloc byte[InfoSize];
        new Span<byte>(info, InfoSize).Clear();
        return Libc.WaitId(All, 0, info, Exited | NoHang | NoWait) < 0 ? 0 : *(int*)(info + PidOffset);
    }

    /// <summary>Starts a program as our child with posix_spawn(3): standard signals at their defaults, no signal blocked.</summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its arguments, the first of which is its name.</param>
    /// <param name="environment">Its environment: <c>NAME=value</c>.</param>
    /// <param name="newSession">Whether it leads its own session; see setsid(2).</param>
    /// <param name="descriptors">What it inherits besides nothing: its number there and the descriptor here.</param>
    /// <returns>The child's id; the caller must wait for it.</returns>
    public static int Spawn(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, bool newSession, params (int Number, SafeFileDescriptor Descriptor)[] descriptors)
    {
        const short SetSigMask = 8, SetSigDefault = 4, SetSid = 0x80;
        const int AttributesSize = 512, ActionsSize = 128, SignalSetSize = 128; // at least sizeof of glibc and musl
        byte* attributes = stackalloc byte[AttributesSize], actions = stackalloc byte[ActionsSize], signals = stackalloc byte[SignalSetSize];
        using var argv = new StringVector(arguments);
        using var envp = new StringVector(environment);
        Check(Libc.PosixSpawnAttrInit(attributes), path);
        Check(Libc.PosixSpawnFileActionsInit(actions), path);
        int held = 0;
        try
        {
            Check(Libc.PosixSpawnAttrSetFlags(attributes, (short)(SetSigMask | SetSigDefault | (newSession ? SetSid : 0))), path);
            var set = new Span<byte>(signals, SignalSetSize);
            set.Clear();
            Check(Libc.PosixSpawnAttrSetSigMask(attributes, signals), path);
            set.Fill(0xff);
            Check(Libc.PosixSpawnAttrSetSigDefault(attributes, signals), path);
            foreach ((int number, SafeFileDescriptor descriptor) in descriptors)
            {
                bool added = false;
                descriptor.DangerousAddRef(ref added);
                held++;
                Check(Libc.PosixSpawnFileActionsAddDup2(actions, descriptor.Number, number), path);
            }

            int pid;
            fixed (byte* p = (PathBytes)path)
            {
                Check(Libc.PosixSpawn(&pid, p, actions, attributes, argv.Pointer, envp.Pointer), path);
            }

            return pid;
        }
        finally
        {
            for (int i = 0; i < held; i++) descriptors[i].Descriptor.DangerousRelease();
            _ = Libc.PosixSpawnFileActionsDestroy(actions);
            _ = Libc.PosixSpawnAttrDestroy(attributes);
        }
    }

    // posix_spawn returns the errno instead of setting it.
    private static void Check(int errno, string path)
    {
        if (errno != 0) throw new SyscallException("posix_spawn", errno, $"\"{path}\"");
    }
}
