namespace Orlop.Linux.Syscalls;

/// <summary>Bits of a file's mode; see inode(7).</summary>
public static class FileMode
{
    /// <summary>S_IFMT.</summary>
    public const int TypeMask = 0xF000;

    /// <summary>S_IFIFO.</summary>
    public const int Fifo = 0x1000;

    /// <summary>S_IFCHR.</summary>
    public const int CharacterDevice = 0x2000;

    /// <summary>S_IFDIR.</summary>
    public const int Directory = 0x4000;

    /// <summary>S_IFBLK.</summary>
    public const int BlockDevice = 0x6000;

    /// <summary>S_IFREG.</summary>
    public const int Regular = 0x8000;

    /// <summary>S_IFLNK.</summary>
    public const int Symlink = 0xA000;

    /// <summary>S_IFSOCK.</summary>
    public const int Socket = 0xC000;

    /// <summary>The permission bits with set-user-id, set-group-id and sticky.</summary>
    public const int PermissionMask = 0xFFF;

    /// <summary>makedev(3).</summary>
    public static ulong Device(uint major, uint minor) =>
        ((ulong)(major & 0xfffff000) << 32) | ((ulong)(major & 0xfff) << 8) | ((ulong)(minor & 0xffffff00) << 12) | (minor & 0xff);
}
