using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary><c>struct statx</c>: what statx(2) says of a file.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
public struct FileStatus
{
    /// <summary>The fields of stat(2): STATX_BASIC_STATS.</summary>
    public const uint BasicMask = 0x7ff;

    /// <summary>The mount's id: STATX_MNT_ID.</summary>
    public const uint MountIdMask = 0x1000;

    /// <summary>Which fields are filled in.</summary>
    public uint Mask;

    /// <summary>The preferred size of a transfer.</summary>
    public uint BlockSize;

    /// <summary>STATX_ATTR_ flags; <see cref="MountRootAttribute"/>.</summary>
    public ulong Attributes;

    /// <summary>Hard links.</summary>
    public uint Links;

    /// <summary>The owner.</summary>
    public uint Uid;

    /// <summary>The group.</summary>
    public uint Gid;

    /// <summary>Type and permission bits; see <see cref="FileMode"/>.</summary>
    public ushort Mode;
    private ushort padding;

    /// <summary>The inode number.</summary>
    public ulong Inode;

    /// <summary>Bytes.</summary>
    public ulong Size;

    /// <summary>Units of 512 bytes on disk.</summary>
    public ulong Blocks;

    /// <summary>Which bits of <see cref="Attributes"/> the file system knows.</summary>
    public ulong AttributesMask;

    /// <summary>Last access.</summary>
    public StatxTime AccessTime;

    /// <summary>Creation.</summary>
    public StatxTime BirthTime;

    /// <summary>Last change of the inode.</summary>
    public StatxTime ChangeTime;

    /// <summary>Last change of the content.</summary>
    public StatxTime ModifyTime;

    /// <summary>The device that a device node stands for.</summary>
    public uint RawDeviceMajor;

    /// <summary>See <see cref="RawDeviceMajor"/>.</summary>
    public uint RawDeviceMinor;

    /// <summary>The device that holds the file.</summary>
    public uint DeviceMajor;

    /// <summary>See <see cref="DeviceMajor"/>.</summary>
    public uint DeviceMinor;

    /// <summary>The mount's id, when asked for.</summary>
    public ulong MountId;

    /// <summary>STATX_ATTR_MOUNT_ROOT: the file is the root of a mount.</summary>
    public const ulong MountRootAttribute = 0x2000;

    /// <summary>The type bits alone.</summary>
    public readonly int FileType => Mode & FileMode.TypeMask;

    /// <summary>Whether it is a folder.</summary>
    public readonly bool IsDirectory => FileType == FileMode.Directory;

    /// <summary>Whether it is a regular file.</summary>
    public readonly bool IsRegular => FileType == FileMode.Regular;

    /// <summary>Whether it is a symbolic link.</summary>
    public readonly bool IsSymlink => FileType == FileMode.Symlink;
}
