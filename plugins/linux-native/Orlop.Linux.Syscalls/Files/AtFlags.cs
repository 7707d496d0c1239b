namespace Orlop.Linux.Syscalls;

/// <summary>Flags of the <c>*at</c> calls (<c>linux/fcntl.h</c>).</summary>
[Flags]
public enum AtFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>AT_SYMLINK_NOFOLLOW.</summary>
    SymlinkNoFollow = 0x100,

    /// <summary>AT_REMOVEDIR of unlinkat(2).</summary>
    RemoveDirectory = 0x200,

    /// <summary>AT_SYMLINK_FOLLOW of linkat(2).</summary>
    SymlinkFollow = 0x400,

    /// <summary>AT_NO_AUTOMOUNT.</summary>
    NoAutomount = 0x800,

    /// <summary>AT_EMPTY_PATH: an empty path means the descriptor itself.</summary>
    EmptyPath = 0x1000,

    /// <summary>AT_RECURSIVE of open_tree(2) and mount_setattr(2).</summary>
    Recursive = 0x8000,
}
