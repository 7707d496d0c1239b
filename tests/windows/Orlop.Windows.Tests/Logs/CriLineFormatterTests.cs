using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Orlop.Windows.Logs;

namespace Orlop.Windows.Tests.Logs;

public sealed partial class CriLineFormatterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_line_has_nine_digits_of_time_and_keeps_its_carriage_return() =>
        Format(isStandardError: true, "a\r\n").Should().Be("2026-01-02T03:04:05.000000000Z stderr F a\r\n");

    [Fact]
    public void What_ends_without_a_newline_is_partial() => Format(isStandardError: false, "a\nb").Should().EndWith(" stdout P b\n");

    [Fact]
    public void A_long_line_is_split() => Tags(Format(isStandardError: false, new string('x', (2 * CriLineFormatter.MaxLine) + 1) + "\n")).Should().Be("PPF");

    [Fact]
    public void A_line_of_exactly_the_limit_is_whole() => Tags(Format(isStandardError: false, new string('x', CriLineFormatter.MaxLine) + "\n")).Should().Be("F");

    [Fact]
    public void How_reads_cut_the_output_makes_no_difference() =>
        Gen.Select(Gen.Char["ab\r\n"].Array[0, 200], Gen.Int[1, 17]).Sample((text, size) =>
            Format(isStandardError: false, [.. text.Chunk(size).Select(c => new string(c))]).Should().Be(Format(isStandardError: false, new string(text))));

    private static string Tags(string log) => string.Concat(Line().Matches(log).Select(m => m.Groups["tag"].Value));

    private static string Format(bool isStandardError, params string[] reads)
    {
        var formatter = new CriLineFormatter(isStandardError);
        using var output = new MemoryStream();
        foreach (string read in reads) formatter.Append(Encoding.UTF8.GetBytes(read), Now, output);
        formatter.Finish(Now, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    [GeneratedRegex("^\\S+Z std(out|err) (?<tag>[FP]) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Line();
}
