using System.Text.RegularExpressions;
using Orlop.Testing;

namespace Orlop.Architecture.Tests;

public sealed partial class SourceRules
{
    private const int LongestFile = 1000;

    private static IEnumerable<string> Sources(params string[] folders) =>
        folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories));

    [Fact]
    public void No_file_is_longer_than_a_reader_can_hold()
    {
        var files = Sources("abstractions", "host", "cli", "plugins").Select(file => (file, lines: File.ReadLines(file).Count())).ToList();

        files.Where(entry => entry.lines > LongestFile).Should().BeEmpty();
        files.Select(entry => entry.lines).Order().ElementAt(files.Count * 9 / 10).Should().BeLessThanOrEqualTo(300, "nine files of ten are short");
    }

    [Fact]
    public void The_contracts_have_one_public_type_a_file_named_like_it()
    {
        foreach (var file in Sources("abstractions/Orlop.Abstractions"))
        {
            var types = PublicType().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value).ToList();

            types.Should().HaveCountLessThanOrEqualTo(1, "{0} declares them", file);
            types.Should().AllBe(Path.GetFileNameWithoutExtension(file).Split('.')[0]);
        }
    }

    [Fact]
    public void Pragmas_that_silence_a_warning_say_why()
    {
        foreach (var file in Sources("abstractions", "host", "cli", "plugins"))
        {
            var lines = File.ReadAllLines(file);
            var silent = lines.Index().Where(line => line.Item.Contains("#pragma warning disable", StringComparison.Ordinal)
                && !line.Item.Contains("//", StringComparison.Ordinal)
                && !lines[Math.Max(0, line.Index - 1)].Contains("//", StringComparison.Ordinal));

            silent.Should().BeEmpty("{0} has them", file);
        }
    }

    // A declaration at the left margin: nested types belong to their outer one.
    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|readonly|partial|ref|unsafe) )*(?:class|interface|enum|struct|record(?: struct| class)?|delegate \S+) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PublicType();
}
