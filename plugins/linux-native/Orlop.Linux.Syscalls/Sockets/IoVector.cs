using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary><c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct IoVector
{
    /// <summary>The bytes.</summary>
    public void* Base;

    /// <summary>How many.</summary>
    public nuint Length;
}
