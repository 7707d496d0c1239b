using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Setup;

/// <summary>What the supervisor makes of itself before anything else.</summary>
internal static unsafe class ProcessSetup
{
    private const int SetDumpable = 4, SetName = 15, SetChildSubreaper = 36; // linux/prctl.h

    /// <summary>
    /// Signals, dumpability and orphans. Returns /dev/null, whose descriptor is above 2: 0, 1 and 2 are open from now on, and no pipe of a container can land there.
    /// </summary>
    /// <exception cref="SyscallException">The kernel refused.</exception>
    public static SafeFileDescriptor Run()
    {
        // A parent that ignores SIGCHLD hands that down: children would be reaped behind our back.
        SetAction(Signals.Child, ignore: false);

        // Whoever ends a pod tells its supervisor so; a signal to a whole group or unit must not cut off the logs of containers that are about to stop.
        foreach (int signal in (ReadOnlySpan<int>)[1, 2, 3, Signals.Pipe, Signals.Term]) SetAction(signal, ignore: true);

        // While a child shares our memory and stands in a container's namespaces, nobody there may trace it (CVE-2016-9962).
        if (Libc.PrCtl(SetDumpable, 0) < 0) throw SyscallException.Last("prctl", "PR_SET_DUMPABLE");
        fixed (byte* name = "orlop-supervisor\0"u8) _ = Libc.PrCtl(SetName, (nint)name); // executed by descriptor, we would be called its number
        if (Libc.PrCtl(SetChildSubreaper, 1) < 0) throw SyscallException.Last("prctl", "PR_SET_CHILD_SUBREAPER");

        SafeFileDescriptor nullDevice = FileSystem.Open("/dev/null", OpenFlags.ReadWrite);
        while (nullDevice.Number <= 2) nullDevice = KeepOpen(nullDevice).Duplicate();
        return nullDevice;
    }

    /// <summary>Waits until whoever spawned us has our process id on record; see <see cref="Protocol.SupervisorArguments"/>.</summary>
    /// <returns>False when it ended before.</returns>
    /// <exception cref="SyscallException">The standard input cannot be read.</exception>
    public static bool IsOnRecord()
    {
        using var standardInput = new SafeFileDescriptor(0, ownsHandle: false);
        Span<byte> word = stackalloc byte[1];
        return FileSystem.Read(standardInput, word) == 1;
    }

    /// <summary>Lets go of the standard output and error that we were started with.</summary>
    /// <exception cref="SyscallException">The kernel refused.</exception>
    public static void CloseStandardStreams(SafeFileDescriptor nullDevice)
    {
        for (int fd = 0; fd <= 2; fd++)
        {
            if (Libc.Syscall(SyscallNumber.Dup2, nullDevice.Number, fd) < 0) throw SyscallException.Last("dup2", $"{fd}");
        }
    }

    // A number below 3 is never closed again.
    private static SafeFileDescriptor KeepOpen(SafeFileDescriptor descriptor)
    {
        var kept = new SafeFileDescriptor(descriptor.Number, ownsHandle: false);
        descriptor.SetHandleAsInvalid();
        return kept;
    }

    private static void SetAction(int signal, bool ignore)
    {
        const int ActionSize = 152; // struct sigaction of the C library: the handler comes first
        byte* action = stackalloc byte[ActionSize];
        new Span<byte>(action, ActionSize).Clear();
        *(nint*)action = ignore ? 1 : 0; // SIG_IGN, SIG_DFL
        if (Libc.SigAction(signal, action, null) < 0) throw SyscallException.Last("sigaction", $"signal {signal}");
    }
}
