using System.Runtime.InteropServices;

namespace Orlop.Linux.Syscalls;

/// <summary><c>struct timespec</c>.</summary>
/// <param name="Seconds">Since 1970-01-01 UTC.</param>
/// <param name="Nanoseconds">0 to 999,999,999, or <see cref="Now"/> or <see cref="Omit"/> for utimensat(2).</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TimeSpec(long Seconds, long Nanoseconds)
{
    /// <summary>UTIME_NOW: sets the current time.</summary>
    public static readonly TimeSpec Now = new(0, (1L << 30) - 1);

    /// <summary>UTIME_OMIT: leaves the time as it is.</summary>
    public static readonly TimeSpec Omit = new(0, (1L << 30) - 2);
}
