using System.Globalization;

namespace Orlop.Cli.Output;

/// <summary>Times, durations and sizes as people read them, and as JSON carries them.</summary>
internal static class Human
{
    private const long NanosecondsPerTick = 100;

    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>The CRI counts nanoseconds since 1970; zero means never.</summary>
    public static DateTimeOffset? Instant(long nanoseconds) =>
        nanoseconds <= 0 ? null : DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / NanosecondsPerTick);

    /// <summary>RFC 3339 in UTC with up to seven digits; null for never.</summary>
    public static string? Timestamp(long nanoseconds) =>
        Instant(nanoseconds)?.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>How long ago, in the largest unit that leaves at least two: <c>75s</c>, <c>90m</c>, <c>36h</c>, <c>3d</c>.</summary>
    public static string Age(long nanoseconds, TimeProvider time)
    {
        if (Instant(nanoseconds) is not { } instant)
            return "-";

        var age = time.GetUtcNow() - instant;
        return age.TotalSeconds switch
        {
            < 0 => "0s",
            < 120 => $"{(int)age.TotalSeconds}s",
            < 2 * 3600 => $"{(int)age.TotalMinutes}m",
            < 2 * 86400 => $"{(int)age.TotalHours}h",
            _ => $"{(int)age.TotalDays}d",
        };
    }

    /// <summary>Binary units with three significant digits: <c>812 B</c>, <c>1.45 MiB</c>, <c>27.0 GiB</c>.</summary>
    public static string Size(ulong bytes)
    {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        string format = unit == 0 || value >= 99.95 ? "F0" : value >= 9.995 ? "F1" : "F2";
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    public static string Milliseconds(double milliseconds) => milliseconds switch
    {
        < 10 => milliseconds.ToString("F2", CultureInfo.InvariantCulture) + " ms",
        < 1000 => milliseconds.ToString("F1", CultureInfo.InvariantCulture) + " ms",
        _ => (milliseconds / 1000).ToString("F2", CultureInfo.InvariantCulture) + " s",
    };
}
