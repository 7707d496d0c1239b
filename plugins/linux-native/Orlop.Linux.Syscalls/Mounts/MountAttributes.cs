namespace Orlop.Linux.Syscalls;

/// <summary>Attributes of fsmount(2) and mount_setattr(2).</summary>
[Flags]
public enum MountAttributes : ulong
{
    /// <summary>None; among the access time attributes: MOUNT_ATTR_RELATIME.</summary>
    None = 0,

    /// <summary>MOUNT_ATTR_RDONLY.</summary>
    ReadOnly = 0x1,

    /// <summary>MOUNT_ATTR_NOSUID.</summary>
    NoSuid = 0x2,

    /// <summary>MOUNT_ATTR_NODEV.</summary>
    NoDev = 0x4,

    /// <summary>MOUNT_ATTR_NOEXEC.</summary>
    NoExec = 0x8,

    /// <summary>MOUNT_ATTR__ATIME: the mask of the access time setting; must be cleared to change it.</summary>
    AccessTimeMask = 0x70,

    /// <summary>MOUNT_ATTR_NOATIME.</summary>
    NoAccessTime = 0x10,

    /// <summary>MOUNT_ATTR_STRICTATIME.</summary>
    StrictAccessTime = 0x20,

    /// <summary>MOUNT_ATTR_NODIRATIME.</summary>
    NoDirectoryAccessTime = 0x80,

    /// <summary>MOUNT_ATTR_IDMAP.</summary>
    IdMap = 0x100000,

    /// <summary>MOUNT_ATTR_NOSYMFOLLOW.</summary>
    NoSymlinkFollow = 0x200000,
}
