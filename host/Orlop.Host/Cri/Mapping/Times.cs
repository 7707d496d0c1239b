namespace Orlop.Host.Cri.Mapping;

internal static class Times
{
    /// <summary>Nanoseconds since 1970, as every time in the CRI is.</summary>
    public static long Nanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * TimeSpan.NanosecondsPerTick;

    /// <summary>0 for a time that has not come.</summary>
    public static long Nanoseconds(DateTimeOffset? time) => time is { } t ? Nanoseconds(t) : 0;
}
