namespace Orlop.Bench.Reporting;

/// <summary>A document whose figures stand between two markers.</summary>
internal static class MarkdownDocument
{
    private const string Begin = "<!-- figures: written by bench/compare.sh -->";
    private const string End = "<!-- end of figures -->";

    /// <exception cref="InvalidDataException">The document has no markers.</exception>
    public static void Replace(string path, string figures)
    {
        string text = File.ReadAllText(path);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin) throw new InvalidDataException($"{path} has no lines \"{Begin}\" and \"{End}\" to write the figures between");
        File.WriteAllText(path, $"{text[..(begin + Begin.Length)]}\n{figures}\n{text[end..]}");
    }
}
