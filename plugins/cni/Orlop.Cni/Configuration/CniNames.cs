using System.Text.RegularExpressions;

namespace Orlop.Cni.Configuration;

/// <summary>The alphabet of network names and container ids; CNI specification, sections 1 and 2.</summary>
internal static partial class CniNames
{
    public const string Rule = "a letter or digit, followed by letters, digits, '_', '.' or '-'";

    public static bool IsValid(string name) => Pattern().IsMatch(name);

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.\-]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
