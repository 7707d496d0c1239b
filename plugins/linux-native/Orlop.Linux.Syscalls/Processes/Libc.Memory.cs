using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

internal static unsafe partial class Libc
{
    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Mmap(void* address, nint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Munmap(void* address, nint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    public static partial int MAdvise(void* address, nint length, int advice);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    public static partial int ClockGetTime(int clock, TimeSpec* time);

    /// <summary>Zeroed private memory of its own pages.</summary>
    /// <exception cref="SyscallException">ENOMEM.</exception>
    public static nint Map(nint length)
    {
        const int ReadWrite = 3, PrivateAnonymous = 0x22;
        nint address = Mmap(null, length, ReadWrite, PrivateAnonymous, -1, 0);
        return address != -1 ? address : throw SyscallException.Last("mmap", $"{length} bytes");
    }

    /// <summary>Gives back what <see cref="Map"/> gave.</summary>
    public static bool Unmap(nint address, nint length) => Munmap((void*)address, length) == 0;
}
