using System.Text.Json;

namespace Orlop.Testing.Nodes;

/// <summary>The daemon's log in its JSON form: one event a line, with <c>@l</c> for every level above information.</summary>
public sealed class DaemonLog(string path)
{
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
