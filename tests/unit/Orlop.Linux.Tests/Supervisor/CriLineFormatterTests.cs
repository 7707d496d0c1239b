extern alias supervisor;

using System.Text;
using CsCheck;
using supervisor::Orlop.Linux.Supervisor.Logs;

namespace Orlop.Linux.Tests.Supervisor;

public sealed class CriLineFormatterTests
{
    private const int Max = CriLineFormatter.MaxLine;
    private static readonly long Moment = new DateTimeOffset(2016, 10, 6, 0, 17, 9, TimeSpan.Zero).ToUnixTimeSeconds() * 1_000_000_000 + 669_794_202;

    [Fact]
    public void A_line_has_the_stamp_the_stream_and_the_tag()
    {
        Format(standardError: false, "hello\n"u8.ToArray()).Should().Be("2016-10-06T00:17:09.669794202Z stdout F hello\n");
        Format(standardError: true, "oops"u8.ToArray()).Should().Be("2016-10-06T00:17:09.669794202Z stderr P oops\n");
        Format(standardError: false, "\n\n"u8.ToArray()).Should().Be("2016-10-06T00:17:09.669794202Z stdout F \n2016-10-06T00:17:09.669794202Z stdout F \n");
        Format(standardError: false, []).Should().BeEmpty();
    }

    [Theory]
    [InlineData(Max - 1, 1)]
    [InlineData(Max, 1)]
    [InlineData(Max + 1, 2)]
    [InlineData(2 * Max, 2)]
    [InlineData((2 * Max) + 1, 3)]
    public void A_long_line_is_split_into_parts(int length, int parts)
    {
        string text = new('x', length);

        List<LogLine> lines = [.. LogFolder.Parse(Format(standardError: false, Encoding.ASCII.GetBytes(text + "\n")))];

        lines.Should().HaveCount(parts);
        lines.Select(l => l.Partial).Should().Equal([.. Enumerable.Repeat(true, parts - 1), false]);
        string.Concat(lines.Select(l => l.Text)).Should().Be(text);
        lines.Should().OnlyContain(l => l.Text.Length <= Max);
    }

    [Fact]
    public void However_the_output_is_cut_into_reads_the_log_is_the_same()
    {
        Gen<byte[]> line = Gen.OneOf(
            Gen.Byte.Where(b => b != '\n').Array[0, 30],
            Gen.Int[Max - 2, Max + 2].Select(n => Enumerable.Repeat((byte)'y', n).ToArray()),
            Gen.Int[0, 3 * Max].Select(n => Enumerable.Repeat((byte)'z', n).ToArray()));
        Gen.Select(line.Array[0, 12], Gen.Bool, Gen.Int[1, 5000].Array[1, 40]).Sample((lines, ended, cuts) =>
        {
            byte[] output = [.. lines.SelectMany((l, i) => i < lines.Length - 1 || ended ? l.Append((byte)'\n') : l)];
            var reads = new List<byte[]>();
            for (int at = 0, i = 0; at < output.Length; at += reads[^1].Length, i++) reads.Add(output[at..Math.Min(output.Length, at + cuts[i % cuts.Length])]);

            Format(standardError: false, [.. reads]).Should().Be(Format(standardError: false, output));
        }, iter: 200);
    }

    [Fact]
    public void Text_and_newlines_survive_exactly()
    {
        Gen.Byte.Array[0, 40_000].Sample(output =>
        {
            var back = new List<byte>();
            foreach (LogLine line in LogFolder.Parse(Format(standardError: true, output)))
            {
                back.AddRange(Encoding.Latin1.GetBytes(line.Text));
                if (!line.Partial) back.Add((byte)'\n');
            }

            back.Should().Equal(output);
        }, iter: 50);
    }

    [Fact]
    public void Formatting_allocates_nothing_once_it_runs()
    {
        var formatter = new CriLineFormatter(isStandardError: false);
        var buffer = new byte[64 * 1024];
        var target = new Counter();
        byte[] output = Encoding.ASCII.GetBytes(new string('a', 900) + "\n" + new string('b', 700));
        for (int i = 0; i < 50; i++) formatter.Append(output, Moment, buffer, target);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) formatter.Append(output, Moment, buffer, target);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        target.Bytes.Should().BePositive();
    }

    private static string Format(bool standardError, params byte[][] reads)
    {
        var formatter = new CriLineFormatter(standardError);
        var buffer = new byte[Max + CriLineFormatter.Overhead];
        var target = new Collector();
        foreach (byte[] read in reads) formatter.Append(read, Moment, buffer, target);
        formatter.Finish(Moment, buffer, target);
        return Encoding.Latin1.GetString([.. target.Written]);
    }

    private sealed class Collector : ILogTarget
    {
        public List<byte> Written { get; } = [];

        public void Write(ReadOnlySpan<byte> lines) => Written.AddRange(lines);
    }

    private sealed class Counter : ILogTarget
    {
        public long Bytes { get; private set; }

        public void Write(ReadOnlySpan<byte> lines) => Bytes += lines.Length;
    }
}
