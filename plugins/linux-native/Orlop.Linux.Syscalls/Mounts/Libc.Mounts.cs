using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

internal static unsafe partial class Libc
{
    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true)]
    public static partial int Mount(byte* source, byte* target, byte* type, ulong flags, byte* data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true)]
    public static partial int Umount2(byte* target, int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long PivotRoot(long number, byte* newRoot, byte* putOld);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long OpenTree(long number, SafeFileDescriptor directory, byte* path, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long MoveMount(long number, SafeFileDescriptor from, byte* fromPath, SafeFileDescriptor to, byte* toPath, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long FsOpen(long number, byte* type, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long FsConfig(long number, SafeFileDescriptor context, uint command, byte* key, void* value, int auxiliary);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long FsMount(long number, SafeFileDescriptor context, uint flags, uint attributes);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long MountSetAttr(long number, SafeFileDescriptor directory, byte* path, uint flags, MountAttributeChange* change, nint size);
}
