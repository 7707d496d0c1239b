using System.Globalization;

namespace Orlop.Testing;

/// <summary>How long a test waits for what must happen: as written, times <c>ORLOP_TEST_PATIENCE</c> on a slow machine.</summary>
public static class Deadline
{
    private static readonly double Patience =
        Environment.GetEnvironmentVariable("ORLOP_TEST_PATIENCE") is { Length: > 0 } factor ? double.Parse(factor, CultureInfo.InvariantCulture) : 1;

    /// <summary>So many seconds of a usual machine.</summary>
    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds * Patience);
}
