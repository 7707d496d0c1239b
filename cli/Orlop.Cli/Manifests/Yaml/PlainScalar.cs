using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Orlop.Cli.Manifests.Yaml;

/// <summary>What an unquoted scalar means to Kubernetes, whose parser follows YAML 1.1.</summary>
internal static partial class PlainScalar
{
    public static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    public static bool TryGetBoolean(YamlScalarNode scalar, out bool value)
    {
        value = scalar.Value is "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON";
        return scalar.Style == ScalarStyle.Plain
            && (value || scalar.Value is "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF");
    }

    public static bool TryGetInteger(YamlScalarNode scalar, out long value)
    {
        value = 0;
        if (scalar.Style != ScalarStyle.Plain || scalar.Value is not { } text || !Integer().IsMatch(text))
            return false;

        bool negative = text[0] == '-';
        string digits = text.TrimStart('+', '-');
        bool octal = digits.Length > 1 && digits[0] == '0' && (digits[1] is 'o' or (>= '0' and <= '7'));
        return octal ? TryGetOctal(digits[1..].TrimStart('o'), negative, out value) : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Whether the scalar is no string unless it is quoted: 80, 1.5, true.</summary>
    public static bool NeedsQuotes(YamlScalarNode scalar) =>
        TryGetBoolean(scalar, out _) || (scalar.Style == ScalarStyle.Plain && scalar.Value is { } text && (Integer().IsMatch(text) || Float().IsMatch(text)));

    private static bool TryGetOctal(string digits, bool negative, out long value)
    {
        value = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7' || value > long.MaxValue >> 3)
                return false;

            value = (value << 3) + (digit - '0');
        }

        value = negative ? -value : value;
        return true;
    }

    [GeneratedRegex("^[-+]?(0o[0-7]+|[0-9]+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Float();
}
