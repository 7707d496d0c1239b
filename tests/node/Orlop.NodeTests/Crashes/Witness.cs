using System.Globalization;

namespace Orlop.NodeTests.Crashes;

/// <summary>
/// A container that writes down itself what it does, in a folder that it shares with the test: each start, the number of each
/// line after it has printed it, and its exit code before it exits. What the runtime says is held against that.
/// </summary>
internal sealed class Witness
{
    /// <summary>The exit code after SIGTERM.</summary>
    public const int TermCode = 9;

    private readonly string _folder;

    /// <param name="shared">The node's folder for files that tests share with containers.</param>
    /// <param name="lines">How many lines it prints before it exits by itself.</param>
    /// <param name="code">Its exit code then.</param>
    public Witness(string shared, int lines, int code)
    {
        string name = Guid.NewGuid().ToString("N");
        _folder = Directory.CreateDirectory(Path.Combine(shared, name)).FullName;
        Script = string.Create(CultureInfo.InvariantCulture, $$"""
            d=/shared/{{name}}
            echo started >> $d/starts
            trap 'echo {{TermCode}} >> $d/exits; exit {{TermCode}}' TERM
            i=0
            while [ $i -lt {{lines}} ]; do i=$((i + 1)); echo line $i; echo $i >> $d/lines; usleep 40000; done
            echo {{code}} >> $d/exits
            exit {{code}}
            """);
        Mount = new Mount { HostPath = shared, ContainerPath = "/shared" };
    }

    public string Script { get; }

    public Mount Mount { get; }

    public IReadOnlyList<string> Starts => Read("starts");

    /// <summary>The numbers of the lines that it has printed for certain; it may have been killed after one more.</summary>
    public IReadOnlyList<string> Lines => Read("lines");

    /// <summary>The exit codes that it was about to end with; none when it was killed before.</summary>
    public IReadOnlyList<string> Exits => Read("exits");

    private string[] Read(string file) => File.Exists(Path.Combine(_folder, file)) ? File.ReadAllLines(Path.Combine(_folder, file)) : [];
}
