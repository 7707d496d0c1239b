using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>
/// Runs a syscall program in a child that shares our memory and whose parent thread stands still (CLONE_VM, CLONE_VFORK). The garbage collector takes
/// the child for that thread. So nothing here allocates, throws, or touches a static that has to be initialised; the only calls are raw system calls.
/// </summary>
[ExcludeFromCodeCoverage(Justification = "Instrumentation would put calls into the child's path.")]
internal static unsafe class Interpreter
{
    private const int HighestSignal = 64;

    /// <summary>The child's entry: <see cref="Run"/> with fresh signals. Returns, and so ends the child, on failure only.</summary>
    [UnmanagedCallersOnly]
    public static int Enter(void* blob)
    {
        ResetSignals();
        return Run((byte*)blob);
    }

    /// <summary>Runs a checked and relocated program.</summary>
    /// <returns>The child's exit code: 127 after a failure, 126 when the program ended without leaving.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Run(byte* blob)
    {
        var header = (ProgramHeader*)blob;
        var operation = (SyscallOperation*)(blob + header->OperationsOffset);
        for (int i = 0; i < header->OperationCount; i++, operation++)
        {
            header->CurrentOperation = i;
            int pointers = operation->PointerMask, slots = operation->SlotMask;
            long a0 = operation->Argument0, a1 = operation->Argument1, a2 = operation->Argument2;
            long a3 = operation->Argument3, a4 = operation->Argument4, a5 = operation->Argument5;
            if ((slots & 1) != 0) a0 = header->Slots[a0];
            if ((slots & 2) != 0) a1 = header->Slots[a1];
            if ((slots & 4) != 0) a2 = header->Slots[a2];
            if ((slots & 8) != 0) a3 = header->Slots[a3];
            if ((slots & 16) != 0) a4 = header->Slots[a4];
            if ((slots & 32) != 0) a5 = header->Slots[a5];
            if ((pointers & 1) != 0) a0 += (long)blob;
            if ((pointers & 2) != 0) a1 += (long)blob;
            if ((pointers & 4) != 0) a2 += (long)blob;
            if ((pointers & 8) != 0) a3 += (long)blob;
            if ((pointers & 16) != 0) a4 += (long)blob;
            if ((pointers & 32) != 0) a5 += (long)blob;

            long result = Libc.RawSyscall(operation->Number, a0, a1, a2, a3, a4, a5);
            if (result == -1)
            {
                int errno = *Libc.ErrnoLocation();
                if (operation->IgnoredErrno != SyscallOperation.AnyErrno && operation->IgnoredErrno != errno)
                {
                    header->FailedErrno = errno;
                    header->FailedOperation = i;
                    return 127;
                }
            }

            if (operation->ResultSlot >= 0) header->Slots[operation->ResultSlot] = result;
        }

        header->FailedErrno = Errno.ENOEXEC;
        header->FailedOperation = header->OperationCount;
        return 126;
    }

    // Ignored signals survive execve(2), and the runtime's handlers must not run in the child.
    private static void ResetSignals()
    {
        const int SetMask = 2, SignalSetSize = 8;
        long* defaultAction = stackalloc long[4]; // struct kernel_sigaction: handler, flags, restorer, mask
        defaultAction[0] = defaultAction[1] = defaultAction[2] = defaultAction[3] = 0;
        for (int signal = 1; signal <= HighestSignal; signal++)
            _ = Libc.RawSyscall(SyscallNumber.RtSigAction, signal, (long)defaultAction, 0, SignalSetSize, 0, 0);
        _ = Libc.RawSyscall(SyscallNumber.RtSigProcMask, SetMask, (long)defaultAction, 0, SignalSetSize, 0, 0);
    }
}
