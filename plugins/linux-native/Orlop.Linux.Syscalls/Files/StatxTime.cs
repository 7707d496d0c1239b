using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary><c>struct statx_timestamp</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct StatxTime
{
    /// <summary>Since 1970-01-01 UTC.</summary>
    public long Seconds;

    /// <summary>0 to 999,999,999.</summary>
    public uint Nanoseconds;
    private int padding;
}
