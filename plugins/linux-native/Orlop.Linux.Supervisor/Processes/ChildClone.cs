using System.Runtime.InteropServices;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>Makes a child that runs a program in our memory, on a stack of its own, while the calling thread stands still until the program is left.</summary>
internal static unsafe partial class ChildClone
{
    private const CloneFlags SharedFlags = CloneFlags.SharedMemory | CloneFlags.VFork | CloneFlags.PidFd;

    private const ulong IntoCgroup = 0x200000000; // CLONE_INTO_CGROUP

    /// <summary>clone(2).</summary>
    /// <returns>The child's id, or a negative errno(3).</returns>
    public static int Clone(ProgramImage image, CloneFlags flags, ChildStack stack)
    {
        stack.Reset();
        ulong signals = BlockSignals();
        int pid = Libc.Clone(&Interpreter.Enter, stack.Lowest + ChildStack.Size, (int)(flags | SharedFlags) | Signals.Child, image.Blob, (int*)stack.Lowest, null, null);
        int errno = Marshal.GetLastPInvokeError();
        SetSignals(signals);
        return pid > 0 ? pid : -errno;
    }

    /// <summary>clone3(2): the child is born in a cgroup of v2. To move there afterwards takes as long as the kernel's next grace period.</summary>
    /// <returns>The child's id, or a negative errno(3): there is no child, nor was there one.</returns>
    public static int CloneInto(SafeFileDescriptor cgroup, ProgramImage image, CloneFlags flags, ChildStack stack)
    {
        stack.Reset();
        var arguments = new CloneArguments
        {
            Flags = (uint)(flags | SharedFlags) | IntoCgroup,
            PidFd = (ulong)stack.Lowest,
            // With CLONE_PARENT it is the one that our parent gets for us.
            ExitSignal = (flags & CloneFlags.Parent) == CloneFlags.None ? (ulong)Signals.Child : 0,
            Stack = (ulong)stack.Lowest,
            StackSize = ChildStack.Size,
            Cgroup = (ulong)cgroup.Number,
        };
        ulong signals = BlockSignals();
        int pid = Clone3(&arguments, sizeof(CloneArguments), &Interpreter.Enter, image.Blob);
        int errno = Marshal.GetLastPInvokeError();
        SetSignals(signals);
        return pid > 0 ? pid : -errno;
    }

    // The C library's own, by which it makes processes and threads (glibc 2.34). It is in no header, but in the archive that we are linked with.
    [LibraryImport("libc", EntryPoint = "__clone3", SetLastError = true)]
    private static partial int Clone3(CloneArguments* arguments, nint size, delegate* unmanaged<void*, int> entry, void* argument);

    // No signal handler of ours may run in the child.
    private static ulong BlockSignals() => SetSignals(ulong.MaxValue);

    private static ulong SetSignals(ulong blocked)
    {
        const int SetMask = 2;
        ulong old = 0;
        _ = Libc.RawSyscall(SyscallNumber.RtSigProcMask, SetMask, (long)&blocked, (long)&old, sizeof(ulong), 0, 0);
        return old;
    }

    /// <summary>struct clone_args as of Linux 5.7.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct CloneArguments
    {
        public ulong Flags;
        public ulong PidFd;
        public ulong ChildTid;
        public ulong ParentTid;
        public ulong ExitSignal;
        public ulong Stack;
        public ulong StackSize;
        public ulong Tls;
        public ulong SetTid;
        public ulong SetTidSize;
        public ulong Cgroup;
    }
}
