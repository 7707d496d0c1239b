using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orlop.Windows.Interop.Files;

/// <summary>Where a path really leads, all links followed; GetFinalPathNameByHandleW.</summary>
[SupportedOSPlatform("windows")]
public static unsafe partial class FinalPath
{
    private const uint ShareAll = 0x7;              // FILE_SHARE_READ | WRITE | DELETE
    private const uint OpenExisting = 3;
    private const uint BackupSemantics = 0x02000000; // also folders
    private const uint VolumeNameGuid = 0x1;
    private const uint VolumeNameDos = 0x0;          // what has no volume GUID: a network share

    /// <summary>The path of a file or folder below its volume's GUID: <c>\\?\Volume{…}\folder</c>.</summary>
    /// <exception cref="HcsException"><see cref="HcsError.FileNotFound"/> when nothing is there.</exception>
    public static string Of(string path)
    {
        using var file = CreateFileW(path, 0, ShareAll, 0, OpenExisting, BackupSemantics, 0);
        if (file.IsInvalid) throw new HcsException(nameof(CreateFileW), path, Marshal.GetHRForLastWin32Error());
        return Name(file, VolumeNameGuid) ?? Name(file, VolumeNameDos)
            ?? throw new HcsException(nameof(GetFinalPathNameByHandleW), path, Marshal.GetHRForLastWin32Error());
    }

    private static string? Name(SafeFileHandle file, uint form)
    {
        uint length = GetFinalPathNameByHandleW(file, null, 0, form);
        if (length == 0) return null;
        var buffer = new char[length];
        fixed (char* name = buffer)
        {
            uint written = GetFinalPathNameByHandleW(file, name, length, form);
            return written > 0 && written < length ? new string(name, 0, (int)written) : null;
        }
    }

    [LibraryImport("kernel32.dll", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    private static partial SafeFileHandle CreateFileW(string name, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    private static partial uint GetFinalPathNameByHandleW(SafeFileHandle file, char* name, uint length, uint flags);
}
