using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary><c>struct open_how</c> of openat2(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OpenHow
{
    /// <summary>O_ flags.</summary>
    public ulong Flags;

    /// <summary>Permission bits for O_CREAT; must be 0 without it.</summary>
    public ulong Mode;

    /// <summary>RESOLVE_ flags.</summary>
    public ulong Resolve;
}
