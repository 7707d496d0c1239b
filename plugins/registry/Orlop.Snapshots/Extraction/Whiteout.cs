using Orlop.Linux.Syscalls;
using FileMode = Orlop.Linux.Syscalls.FileMode;

namespace Orlop.Snapshots.Extraction;

/// <summary>How overlayfs writes that something below is hidden.</summary>
internal static class Whiteout
{
    public static bool Is(FileStatus status) =>
        status is { FileType: FileMode.CharacterDevice, RawDeviceMajor: 0, RawDeviceMinor: 0 };

    /// <summary>Hides one name of the layers below.</summary>
    public static void Make(SafeFileDescriptor folder, ReadOnlySpan<byte> name) =>
        FileSystem.MakeNode(folder, name, FileMode.CharacterDevice, FileMode.Device(0, 0));

    /// <summary>Hides all that the layers below have in a folder that is in another one.</summary>
    public static void MakeOpaque(SafeFileDescriptor parent, ReadOnlySpan<byte> name)
    {
        using var folder = FileSystem.Open(parent, name, OpenFlags.Path | OpenFlags.Directory | OpenFlags.NoFollow);
        MakeOpaque(folder);
    }

    /// <summary>Hides all that the layers below have in a folder.</summary>
    public static void MakeOpaque(SafeFileDescriptor folder) => ExtendedAttributes.Set(folder, "trusted.overlay.opaque"u8, "y"u8);
}
