using System.Globalization;

namespace Orlop.Testing.Cri;

/// <summary>One line of a container's log file: <c>2016-10-06T00:17:09.669794202Z stdout F text</c>.</summary>
/// <param name="Time">When it was written.</param>
/// <param name="Stream">stdout or stderr.</param>
/// <param name="IsPartial">Tag P: the program's line goes on in the next one of this stream; else tag F.</param>
/// <param name="Text">The program's output.</param>
public sealed record LogLine(DateTimeOffset Time, string Stream, bool IsPartial, string Text)
{
    /// <summary>Parses a whole log file; throws on any line that is not of the format.</summary>
    public static IReadOnlyList<LogLine> ParseFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        return text.Length == 0 ? [] : [.. text[..^1].Split('\n').Select(Parse)];
    }

    /// <summary>The lines that the program wrote to a stream, partial ones joined; the last one may lack its end.</summary>
    public static string Join(IEnumerable<LogLine> lines, string stream) =>
        string.Concat(lines.Where(line => line.Stream == stream).Select(line => line.IsPartial ? line.Text : line.Text + '\n'));

    private static LogLine Parse(string line)
    {
        var parts = line.Split(' ', 4);
        if (parts.Length != 4 || parts[1] is not ("stdout" or "stderr") || parts[2] is not ("F" or "P"))
        {
            throw new FormatException($"not a line of a CRI log: {line}");
        }

        return new LogLine(DateTimeOffset.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], parts[2] == "P", parts[3]);
    }
}
