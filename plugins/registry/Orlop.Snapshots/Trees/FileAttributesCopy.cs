using Orlop.Linux.Syscalls;
using FileMode = Orlop.Linux.Syscalls.FileMode;

namespace Orlop.Snapshots.Trees;

/// <summary>Makes the owner, mode, extended attributes and times of one file those of another.</summary>
internal static class FileAttributesCopy
{
    /// <param name="source">The model; may be an <c>O_PATH</c> descriptor, but not of a symbolic link.</param>
    /// <param name="target">A file or folder that is open for reading or writing.</param>
    public static void Apply(SafeFileDescriptor source, SafeFileDescriptor target)
    {
        var status = FileSystem.Status(source);
        FileSystem.ChangeOwner(target, status.Uid, status.Gid);
        FileSystem.ChangeMode(target, (uint)(status.Mode & FileMode.PermissionMask));
        foreach (byte[] name in ExtendedAttributes.List(source))
        {
            // Overlay's own marks belong to the place of a folder in its stack of layers.
            if (!IsOverlayMark(name) && ExtendedAttributes.Get(source, name) is { } value)
                ExtendedAttributes.Set(target, name, value);
        }

        FileSystem.SetTimes(target, TimeSpec.Omit, new TimeSpec(status.ModifyTime.Seconds, status.ModifyTime.Nanoseconds));
    }

    public static bool IsOverlayMark(ReadOnlySpan<byte> name) => name.StartsWith("trusted.overlay."u8);
}
