namespace Orlop.Linux.Syscalls;

/// <summary>How openat2(2) walks a path.</summary>
[Flags]
public enum ResolveFlags : ulong
{
    /// <summary>As openat(2) does.</summary>
    None = 0,

    /// <summary>RESOLVE_NO_XDEV: stays on the mount.</summary>
    NoCrossingMounts = 1,

    /// <summary>RESOLVE_NO_MAGICLINKS: ELOOP at links such as <c>/proc/self/fd/3</c>.</summary>
    NoMagicLinks = 2,

    /// <summary>RESOLVE_NO_SYMLINKS: ELOOP at any symbolic link.</summary>
    NoSymlinks = 4,

    /// <summary>RESOLVE_BENEATH: EXDEV when a step leaves the directory.</summary>
    Beneath = 8,

    /// <summary>RESOLVE_IN_ROOT: the directory is <c>/</c> and its own parent.</summary>
    InRoot = 16,
}
