using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orlop.Testing.Nodes;

/// <summary>The daemon's log in its JSON form: one event a line, with <c>@l</c> for every level above information.</summary>
public sealed partial class DaemonLog(string path)
{
    private const int MostLines = 60; // of what a failing test shows

    private readonly List<string> _expected = [];
    private long _mark;

    /// <summary>Everything that was logged so far.</summary>
    public string Text => File.Exists(path) ? ReadFrom(0) : "";

    /// <summary>From here on counts what <see cref="Verify"/> looks at.</summary>
    public void Mark()
    {
        _mark = File.Exists(path) ? new FileInfo(path).Length : 0;
        _expected.Clear();
    }

    /// <summary>Says that error lines with this text belong to the test.</summary>
    public void Expect(string text) => _expected.Add(text);

    /// <summary>Fails on every error since the mark that the test did not expect.</summary>
    public void Verify()
    {
        var errors = (File.Exists(path) ? ReadFrom(_mark) : "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(IsError)
            .Where(line => !_expected.Exists(text => line.Contains(text, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        if (errors.Count > 0)
        {
            throw new InvalidOperationException($"orlopd logged {errors.Count} unexpected error(s):\n{string.Join('\n', errors.Take(10))}");
        }
    }

    /// <summary>For the message of a failing test: the last of what was logged about the pods and containers that <paramref name="text"/> names, and each start of the daemon since.</summary>
    public string About(string text)
    {
        var lines = Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (Line: line, Objects: Objects(line))).ToList();
        var wanted = Objects(text);
        foreach (var (_, objects) in lines.Where(line => line.Objects.Overlaps(wanted)))
        {
            wanted.UnionWith(objects); // the id beside the name, the container in the pod
        }

        var about = lines.SkipWhile(line => !line.Objects.Overlaps(wanted)).Where(line => line.Objects.Overlaps(wanted) || line.Line.Contains("\"Recovered\"", StringComparison.Ordinal));
        return $"orlopd logged about it:\n{string.Join('\n', about.TakeLast(MostLines).Select(line => Short(line.Line)))}";
    }

    private static HashSet<string> Objects(string text) => [.. ObjectNames().Matches(text).Select(match => match.Value)];

    private static string Short(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var fields = ((string[])["@t", "@l", "@m", "@x"]).Select(name => json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null);
            return string.Join(' ', fields.Where(value => value is not null));
        }
        catch (JsonException)
        {
            return line;
        }
    }

    // The ids of the host, and the names that Node gives to pods.
    [GeneratedRegex("[0-9a-f]{64}|pod-[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ObjectNames();

    // What is not JSON was written past the logger: the runtime's report of an unhandled exception.
    private static bool IsError(string line)
    {
        if (!line.StartsWith('{'))
        {
            return line.StartsWith("Unhandled exception", StringComparison.Ordinal);
        }

        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.TryGetProperty("@l", out var level) && (level.GetString() is "Error" or "Fatal");
        }
        catch (JsonException)
        {
            return false; // the daemon was killed within the line
        }
    }

    private string ReadFrom(long offset)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = offset;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
