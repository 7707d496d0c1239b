using System.Globalization;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Supervisor;

/// <summary>A container's log folder, read as the kubelet reads it.</summary>
internal sealed class LogFolder : IDisposable
{
    public LogFolder()
    {
        Path = Directory.CreateTempSubdirectory("orlop-log-").FullName;
        Descriptor = FileSystem.Open(Path, OpenFlags.Directory | OpenFlags.Path);
    }

    public string Path { get; }

    public SafeFileDescriptor Descriptor { get; }

    public string Current => System.IO.Path.Combine(Path, "0.log");

    /// <summary>All lines, of rotated files first. Every byte must belong to a well-formed line.</summary>
    public IReadOnlyList<LogLine> Lines()
    {
        var lines = new List<LogLine>();
        foreach (string file in Directory.GetFiles(Path).OrderBy(f => f == Current ? "~" : f, StringComparer.Ordinal)) lines.AddRange(Parse(File.ReadAllText(file)));
        return lines;
    }

    public static IEnumerable<LogLine> Parse(string content)
    {
        if (content.Length == 0) yield break;
        content.Should().EndWith("\n");
        foreach (string line in content[..^1].Split('\n'))
        {
            string[] fields = line.Split(' ', 4);
            fields.Should().HaveCount(4, "\"{0}\" must be in the CRI's format", line);
            fields[0].Should().HaveLength(30).And.EndWith("Z");
            fields[1].Should().BeOneOf("stdout", "stderr");
            fields[2].Should().BeOneOf("F", "P");
            yield return new LogLine(DateTimeOffset.Parse(fields[0], CultureInfo.InvariantCulture), fields[1], fields[2] == "P", fields[3]);
        }
    }

    public void Dispose()
    {
        Descriptor.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
