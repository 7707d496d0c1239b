using System.Text;
using CsCheck;
using Orlop.Cli.Logs;

namespace Orlop.Cli.Tests.Logs;

public sealed class CriLogLineTests
{
    [Theory]
    [InlineData("2016-10-06T00:17:09.669794202Z stdout F text with  spaces ", "2016-10-06T00:17:09.6697942Z", false, false, "text with  spaces ")]
    [InlineData("2016-10-06T00:17:09.6Z stderr P cut", "2016-10-06T00:17:09.6Z", true, true, "cut")]
    [InlineData("2016-10-06T02:17:09+02:00 stdout F:extra x", "2016-10-06T00:17:09Z", false, false, "x")]
    [InlineData("2016-10-06T00:17:09Z stdout F ", "2016-10-06T00:17:09Z", false, false, "")]
    [InlineData("2016-10-06T00:17:09Z stdout F", "2016-10-06T00:17:09Z", false, false, "")]
    public void A_record_is_read(string record, string time, bool isError, bool isPartial, string content)
    {
        CriLogLine.TryParse(Encoding.UTF8.GetBytes(record), out var line).Should().BeTrue();

        line.Time.Should().Be(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture));
        (line.IsError, line.IsPartial, Encoding.UTF8.GetString(line.Content.Span)).Should().Be((isError, isPartial, content));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("2016-10-06T00:17:09.669794202Z")]
    [InlineData("2016-10-06T00:17:09Z stdin F x")]
    [InlineData("2016-10-06T00:17:09Z stdout X x")]
    [InlineData("2016-10-06T00:17:09 stdout F x")]
    [InlineData("2016-10-06T00:17:09.Z stdout F x")]
    [InlineData("2016-13-06T00:17:09Z stdout F x")]
    [InlineData("2016-10-06T00:17:09.123 stdout F x")]
    public void Other_text_is_no_record(string record) => CriLogLine.TryParse(Encoding.UTF8.GetBytes(record), out _).Should().BeFalse();

    [Fact]
    public void What_a_runtime_writes_is_read_back() =>
        Gen.Select(Gen.DateTime, Gen.Int[0, 99], Gen.Bool, Gen.Bool, Gen.Byte.Array[0, 200]).Sample((time, rest, isError, isPartial, bytes) =>
        {
            byte[] content = [.. bytes.Where(value => value != '\n')];
            string head = $"{time:yyyy-MM-dd'T'HH:mm:ss.fffffff}{rest:00}Z {(isError ? "stderr" : "stdout")} {(isPartial ? 'P' : 'F')} ";
            byte[] record = [.. Encoding.ASCII.GetBytes(head), .. content];

            return CriLogLine.TryParse(record, out var line) && line.Time.UtcDateTime == DateTime.SpecifyKind(time, DateTimeKind.Utc) && line.IsError == isError
                && line.IsPartial == isPartial && line.Content.Span.SequenceEqual(content);
        });

    [Fact]
    public void Any_other_bytes_are_shown_as_they_are() =>
        Gen.Byte.Array[0, 120].Sample(record => CriLogLine.TryParse(record, out _) || CriLogLine.ParseOrForeign(record).Content.Span.SequenceEqual(record));
}
