namespace Orlop.Linux.Protocol;

/// <summary>
/// The name of a process within its pod, chosen by the client: 1 to 128 of <c>A-Z a-z 0-9 . _ -</c>, not starting with a dot (it names the exit
/// record's file).
/// </summary>
internal static class ProcessKey
{
    /// <summary>The longest key.</summary>
    public const int MaxLength = 128;

    /// <summary>Whether a text may be a key.</summary>
    public static bool IsValid(ReadOnlySpan<char> key)
    {
        if (key.IsEmpty || key.Length > MaxLength || key[0] == '.') return false;
        foreach (char c in key)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) return false;
        }

        return true;
    }
}
