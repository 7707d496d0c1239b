using System.Buffers;
using System.Globalization;
using System.Numerics;

namespace Orlop.Cli.Manifests;

/// <summary>
/// A Kubernetes quantity: a decimal number with a suffix (n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an exponent). It keeps
/// billionths; what is finer is rounded away from zero, and so are <see cref="Value"/> and <see cref="MilliValue"/>.
/// </summary>
internal readonly record struct Quantity 
{
    private const int LargestExponent = 64; // far beyond the largest value of 2^63-1

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");
    private static readonly BigInteger Billion = 1_000_000_000;
    private static readonly BigInteger Largest = long.MaxValue * Billion;

    private Quantity(BigInteger nanos) => Nanos = BigInteger.Clamp(nanos, -Largest, Largest);

    private BigInteger Nanos { get; }

    public bool IsZero => Nanos.IsZero;

    public bool IsNegative => Nanos.Sign < 0;

    /// <summary>Whole units, for example bytes.</summary>
    public long Value => (long)DivideAwayFromZero(Nanos, Billion);

    /// <summary>Thousandths, for example of a core; at most 2^63-1.</summary>
    public long MilliValue => (long)BigInteger.Clamp(DivideAwayFromZero(Nanos, Billion / 1000), -long.MaxValue, long.MaxValue);

    public static Quantity operator +(Quantity left, Quantity right) => new(left.Nanos + right.Nanos);

    public static bool operator >(Quantity left, Quantity right) => left.Nanos > right.Nanos;

    public static bool operator <(Quantity left, Quantity right) => left.Nanos < right.Nanos;

    public static bool TryParse(string text, out Quantity quantity)
    {
        quantity = default;
        int sign = text.StartsWith('-') ? -1 : 1;
        var rest = text.AsSpan(text.StartsWith('-') || text.StartsWith('+') ? 1 : 0);

        int end = rest.IndexOfAnyExcept(NumberCharacters);
        var number = end < 0 ? rest : rest[..end];
        var suffix = end < 0 ? [] : rest[end..];

        int point = number.IndexOf('.');
        var whole = point < 0 ? number : number[..point];
        var fraction = point < 0 ? [] : number[(point + 1)..];
        if (whole.Length + fraction.Length is 0 or > 128 || fraction.Contains('.') || !TryGetScale(suffix, out var scale, out int power))
            return false;

        var digits = BigInteger.Parse(string.Concat(whole, fraction), NumberStyles.None, CultureInfo.InvariantCulture);
        var numerator = sign * digits * scale * Billion * BigInteger.Pow(10, Math.Max(0, power));
        var denominator = BigInteger.Pow(10, fraction.Length + Math.Max(0, -power));
        quantity = new Quantity(DivideAwayFromZero(numerator, denominator));
        return true;
    }

    /// <summary>The suffix as a factor and a power of ten.</summary>
    private static bool TryGetScale(ReadOnlySpan<char> suffix, out BigInteger scale, out int power)
    {
        scale = BigInteger.One;
        power = 0;
        if (suffix is [var binary, 'i'])
        {
            int step = "KMGTPE".IndexOf(binary, StringComparison.Ordinal);
            scale = BigInteger.One << (10 * (step + 1));
            return step >= 0;
        }

        if (suffix is ['e' or 'E', _, ..])
        {
            var digits = suffix[1] is '+' or '-' ? suffix[2..] : suffix[1..];
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int exponent))
                return false;

            power = Math.Min(exponent, LargestExponent) * (suffix[1] == '-' ? -1 : 1);
            return true;
        }

        power = suffix switch { "n" => -9, "u" => -6, "m" => -3, "" => 0, "k" => 3, "M" => 6, "G" => 9, "T" => 12, "P" => 15, "E" => 18, _ => int.MinValue };
        return power != int.MinValue;
    }

    private static BigInteger DivideAwayFromZero(BigInteger dividend, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(dividend, divisor, out var remainder);
        return remainder.IsZero ? quotient : quotient + dividend.Sign;
    }
}
