using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Orlop.Cli.Pods;

/// <summary>The type of a file in the words of a hostPath volume; .NET tells only folders from all others.</summary>
internal static partial class FileKind
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint TypeOnly = 1;        // STATX_TYPE
    private const int StatxSize = 256;
    private const int ModeOffset = 28;      // stx_mode, a u16; the same on every architecture
    private const int TypeMask = 0xF000;    // S_IFMT

    /// <summary>Directory, File, Socket, CharDevice, BlockDevice or Pipe of what the path leads to; null when it leads nowhere.</summary>
    public static string? Of(string path)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        if (Statx(CurrentFolder, path, flags: 0, TypeOnly, status) != 0)
            return null;

        return (BinaryPrimitives.ReadUInt16LittleEndian(status[ModeOffset..]) & TypeMask) switch
        {
            0x1000 => "Pipe",
            0x2000 => "CharDevice",
            0x4000 => "Directory",
            0x6000 => "BlockDevice",
            0xC000 => "Socket",
            _ => "File",
        };
    }

    /// <summary>See statx(2).</summary>
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);
}
