namespace Orlop.Linux.Syscalls;

/// <summary>Flags of umount2(2).</summary>
[Flags]
public enum UnmountFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>MNT_FORCE.</summary>
    Force = 1,

    /// <summary>MNT_DETACH: out of the tree now, gone with its last user.</summary>
    Detach = 2,

    /// <summary>UMOUNT_NOFOLLOW: a symbolic link is not followed.</summary>
    NoFollow = 8,
}
