namespace Orlop.Host.Cri.Mapping;

internal static class Times
{
    /// <summary>As good as for ever, and no more than a timer takes (49 days).</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    /// <summary>Nanoseconds since 1970, as every time in the CRI is.</summary>
    public static long Nanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * TimeSpan.NanosecondsPerTick;

    /// <summary>0 for a time that has not come.</summary>
    public static long Nanoseconds(DateTimeOffset? time) => time is { } t ? Nanoseconds(t) : 0;

    /// <summary>A duration in seconds, which may be any number; none below zero.</summary>
    public static TimeSpan Duration(long seconds) => seconds >= Longest.TotalSeconds ? Longest : TimeSpan.FromSeconds(Math.Max(seconds, 0));
}
