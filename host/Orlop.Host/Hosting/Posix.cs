using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Orlop.Host.Hosting;

/// <summary>The few libc calls that .NET has no counterpart for. Each does nothing on Windows, or is not called there.</summary>
internal static partial class Posix
{
    private const int SigChld = 17;
    private const nint SigDfl = 0;
    private const int AtFdCwd = -100;
    private const int FileTypeMask = 0xF000;
    private const int SocketType = 0xC000;
    private const uint StatxType = 0x1;
    private const uint StatxMode = 0x2;
    private const uint StatxUid = 0x8;

    /// <summary>
    /// Undoes an ignored SIGCHLD that an init or a shell left us: with it the kernel reaps children by itself,
    /// waitpid(2) answers ECHILD, and waiting for a child's exit never ends.
    /// </summary>
    public static void ResetChildSignal()
    {
        if (OperatingSystem.IsLinux())
            _ = Signal(SigChld, SigDfl);
    }

    /// <summary>Files and folders that we make are for us alone, unless a mode is given.</summary>
    public static void RestrictNewFiles()
    {
        if (!OperatingSystem.IsWindows())
            _ = Umask(0x3F); // 0077; never fails, answers the old mask
    }

    /// <summary>Gives a file to a group and keeps its owner; see chown(2).</summary>
    /// <exception cref="Win32Exception">EPERM when we may not, EINVAL for a gid outside of our user namespace.</exception>
    public static void ChangeGroup(string path, uint gid)
    {
        if (Chown(path, uint.MaxValue, gid) != 0)
            throw new Win32Exception();
    }

    /// <summary>The owner and the mode of what a path leads to; see statx(2).</summary>
    /// <exception cref="Win32Exception">ENOENT, ELOOP, EACCES.</exception>
    public static (uint Uid, UnixFileMode Mode) OwnerOf(string path)
    {
        var status = StatusOf(path);
        return (status.Uid, (UnixFileMode)(status.Mode & ~FileTypeMask));
    }

    /// <summary>Whether a path leads to a unix socket.</summary>
    /// <exception cref="Win32Exception">ENOENT, ELOOP, EACCES.</exception>
    public static bool IsSocket(string path) => (StatusOf(path).Mode & FileTypeMask) == SocketType;

    private static FileStatus StatusOf(string path) =>
        Statx(AtFdCwd, path, flags: 0, StatxType | StatxMode | StatxUid, out var status) == 0 ? status : throw new Win32Exception();

    /// <summary>The end of an error that may come from a lack of rights; empty for root, whom nothing forbids that a hint could help with.</summary>
    public static string RootHint => OperatingSystem.IsWindows() || EffectiveUser() == 0 ? "" : "; orlopd runs as root";

    /// <summary>Our effective user.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Umask(uint mask);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, uint owner, uint group);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out FileStatus status);

    /// <summary>The start of <c>struct statx</c>, which is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(20)]
        public uint Uid;

        [FieldOffset(28)]
        public ushort Mode;
    }
}
