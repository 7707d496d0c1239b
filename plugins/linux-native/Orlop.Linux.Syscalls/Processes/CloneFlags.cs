namespace Orlop.Linux.Syscalls;

/// <summary>Flags of clone(2), unshare(2) and setns(2).</summary>
[Flags]
public enum CloneFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>CLONE_VM: shares our memory.</summary>
    SharedMemory = 0x100,

    /// <summary>CLONE_FS: shares root, working directory and umask; for unshare(2): stops sharing them.</summary>
    FileSystem = 0x200,

    /// <summary>CLONE_FILES.</summary>
    Files = 0x400,

    /// <summary>CLONE_PIDFD.</summary>
    PidFd = 0x1000,

    /// <summary>CLONE_VFORK: we stand still until the child has exec'd or ended.</summary>
    VFork = 0x4000,

    /// <summary>CLONE_PARENT: the child's parent is ours.</summary>
    Parent = 0x8000,

    /// <summary>CLONE_NEWNS.</summary>
    NewMount = 0x20000,

    /// <summary>CLONE_NEWCGROUP.</summary>
    NewCgroup = 0x2000000,

    /// <summary>CLONE_NEWUTS.</summary>
    NewUts = 0x4000000,

    /// <summary>CLONE_NEWIPC.</summary>
    NewIpc = 0x8000000,

    /// <summary>CLONE_NEWUSER.</summary>
    NewUser = 0x10000000,

    /// <summary>CLONE_NEWPID.</summary>
    NewPid = 0x20000000,

    /// <summary>CLONE_NEWNET.</summary>
    NewNet = 0x40000000,
}
