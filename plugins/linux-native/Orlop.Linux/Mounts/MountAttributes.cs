namespace Orlop.Linux.Mounts;

/// <summary><c>MOUNT_ATTR_*</c> of mount_setattr(2) and fsmount(2).</summary>
[Flags]
internal enum MountAttributes : uint
{
    None = 0,
    ReadOnly = 0x1,
    NoSuid = 0x2,
    NoDev = 0x4,
    NoExec = 0x8,
    NoAtime = 0x10,
    StrictAtime = 0x20,

    /// <summary>The bits of the access time: one setting, not flags. Zero is relatime.</summary>
    Atime = 0x70,
    NoDirAtime = 0x80,
    NoSymFollow = 0x20_0000,
}
