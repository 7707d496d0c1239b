using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Orlop.Cni.Requests;

/// <summary>The quantities of Kubernetes: <c>10M</c>, <c>1.5Gi</c>, <c>2e6</c>; apimachinery, pkg/api/resource.</summary>
internal static partial class Quantity
{
    // Nothing in Kubernetes is that large or small; keeps 1e999999999 from filling the memory.
    private const int LargestExponent = 64;

    /// <summary>The value as a whole number; fractions are rounded away from zero, as Kubernetes does.</summary>
    public static bool TryParse(string text, out BigInteger value)
    {
        value = default;
        Match match = Pattern().Match(text);
        if (!match.Success)
        {
            return false;
        }

        string whole = match.Groups["whole"].Value;
        string fraction = match.Groups["fraction"].Value;
        if (whole.Length + fraction.Length is 0 or > LargestExponent || !TryReadSuffix(match.Groups["suffix"].Value, out int tens, out int twos))
        {
            return false;
        }

        var digits = BigInteger.Parse(whole + fraction, NumberStyles.None, CultureInfo.InvariantCulture);
        int exponent = tens - fraction.Length;
        BigInteger numerator = (digits << twos) * BigInteger.Pow(10, Math.Max(exponent, 0));
        var (quotient, remainder) = BigInteger.DivRem(numerator, BigInteger.Pow(10, Math.Max(-exponent, 0)));
        BigInteger magnitude = remainder.IsZero ? quotient : quotient + 1;
        value = match.Groups["sign"].Value == "-" ? -magnitude : magnitude;
        return true;
    }

    // E alone is exa; with digits it is an exponent.
    private static bool TryReadSuffix(string suffix, out int tens, out int twos)
    {
        (bool known, tens, twos) = suffix switch
        {
            "" => (true, 0, 0),
            "n" => (true, -9, 0),
            "u" => (true, -6, 0),
            "m" => (true, -3, 0),
            "k" => (true, 3, 0),
            "M" => (true, 6, 0),
            "G" => (true, 9, 0),
            "T" => (true, 12, 0),
            "P" => (true, 15, 0),
            "E" => (true, 18, 0),
            "Ki" => (true, 0, 10),
            "Mi" => (true, 0, 20),
            "Gi" => (true, 0, 30),
            "Ti" => (true, 0, 40),
            "Pi" => (true, 0, 50),
            "Ei" => (true, 0, 60),
            _ => (false, 0, 0),
        };
        return known || (int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out tens) && Math.Abs((long)tens) <= LargestExponent);
    }

    [GeneratedRegex(
        @"\A(?<sign>[+-]?)(?<whole>[0-9]*)(\.(?<fraction>[0-9]*))?(?<suffix>[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
