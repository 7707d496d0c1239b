using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary>
/// The C library's entry points as they are: a negative result means failure, and <see cref="Marshal.GetLastPInvokeError"/> holds errno(3).
/// Strings end in NUL. Prefer the wrappers beside it, which throw a <see cref="SyscallException"/> with the context.
/// </summary>
internal static unsafe partial class Libc
{
    /// <summary>syscall(2): any call by number.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long Syscall(long number, long a0 = 0, long a1 = 0, long a2 = 0, long a3 = 0, long a4 = 0, long a5 = 0);

    /// <summary>syscall(2) without any work of the runtime around it: safe in a child that shares our memory. errno is at <see cref="ErrnoLocation"/>.</summary>
    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    public static partial long RawSyscall(long number, long a0, long a1, long a2, long a3, long a4, long a5);

    /// <summary>The address of the thread's errno(3).</summary>
    [LibraryImport("libc", EntryPoint = "__errno_location")]
    [SuppressGCTransition]
    public static partial int* ErrnoLocation();

    /// <summary>Repeats a call as long as a signal interrupts it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Interrupted(long result) => result < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR;
}
