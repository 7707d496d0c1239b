namespace Orlop.Cli.Client;

/// <summary>Ids have 64 hexadecimal digits; people see 12 of them.</summary>
internal static class ShortId
{
    private const int Length = 12;
    private const string DigestPrefix = "sha256:";

    public static string Of(string id)
    {
        string digits = id.StartsWith(DigestPrefix, StringComparison.Ordinal) ? id[DigestPrefix.Length..] : id;
        return digits.Length > Length ? digits[..Length] : digits;
    }

    /// <summary>Whether a reference can be an id or the beginning of one.</summary>
    public static bool IsPrefix(string reference) => reference.Length is > 0 and <= 64 && reference.All(char.IsAsciiHexDigitLower);
}
