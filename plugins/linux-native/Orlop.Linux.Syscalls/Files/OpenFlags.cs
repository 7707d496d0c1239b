namespace Orlop.Linux.Syscalls;

/// <summary>Flags of open(2), with the values of x86_64. The wrappers add <see cref="CloseOnExec"/> always.</summary>
[Flags]
public enum OpenFlags
{
    /// <summary>O_RDONLY.</summary>
    ReadOnly = 0,

    /// <summary>O_WRONLY.</summary>
    WriteOnly = 0x1,

    /// <summary>O_RDWR.</summary>
    ReadWrite = 0x2,

    /// <summary>O_CREAT.</summary>
    Create = 0x40,

    /// <summary>O_EXCL.</summary>
    Exclusive = 0x80,

    /// <summary>O_NOCTTY.</summary>
    NoControllingTerminal = 0x100,

    /// <summary>O_TRUNC.</summary>
    Truncate = 0x200,

    /// <summary>O_APPEND.</summary>
    Append = 0x400,

    /// <summary>O_NONBLOCK.</summary>
    NonBlock = 0x800,

    /// <summary>O_DIRECTORY: ENOTDIR for anything else.</summary>
    Directory = 0x10000,

    /// <summary>O_NOFOLLOW: ELOOP when the last part is a symbolic link.</summary>
    NoFollow = 0x20000,

    /// <summary>O_NOATIME.</summary>
    NoAccessTime = 0x40000,

    /// <summary>O_CLOEXEC.</summary>
    CloseOnExec = 0x80000,

    /// <summary>O_PATH: a place in the tree, not its content.</summary>
    Path = 0x200000,

    /// <summary>O_TMPFILE: an unnamed file in the given directory.</summary>
    TemporaryFile = 0x410000,
}
