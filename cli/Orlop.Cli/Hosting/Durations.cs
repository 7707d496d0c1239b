using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Orlop.Cli.Hosting;

/// <summary>Durations on the command line: seconds as a plain number, or like <c>90s</c>, <c>1h30m</c>, <c>250ms</c>.</summary>
internal static partial class Durations
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
            return TryAdd(ref duration, seconds);

        if (!Format().IsMatch(text))
            return false;

        foreach (Match part in Part().Matches(text))
        {
            double value = double.Parse(part.Groups["value"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            double unit = part.Groups["unit"].ValueSpan switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, _ => 86400 };
            if (!TryAdd(ref duration, value * unit))
                return false;
        }

        return true;
    }

    /// <summary>For an option's CustomParser.</summary>
    public static TimeSpan? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (TryParse(text, out var duration))
            return duration;

        result.AddError($"\"{text}\" is not a duration; write seconds, or like 90s, 5m, 1h30m");
        return null;
    }

    private static bool TryAdd(ref TimeSpan sum, double seconds)
    {
        // The CRI carries seconds and the clock ticks of 100 ns: a century is enough and overflows neither.
        if (sum.TotalSeconds + seconds > TimeSpan.FromDays(36_500).TotalSeconds)
            return false;

        sum += TimeSpan.FromSeconds(seconds);
        return true;
    }

    [GeneratedRegex(@"^([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Format();

    [GeneratedRegex(@"(?<value>[0-9]+(\.[0-9]+)?)(?<unit>ms|s|m|h|d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();
}
