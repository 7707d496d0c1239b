using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Loop;

/// <summary>The kernel's clocks, read without an allocation.</summary>
internal static unsafe class Clock
{
    private const int Realtime = 0;

    /// <summary>Nanoseconds since 1970-01-01 UTC.</summary>
    public static long Now()
    {
        TimeSpec now;
        _ = Libc.ClockGetTime(Realtime, &now);
        return (now.Seconds * 1_000_000_000) + now.Nanoseconds;
    }

    /// <summary>Milliseconds of a clock that nobody sets.</summary>
    public static long Ticks => Environment.TickCount64;
}
