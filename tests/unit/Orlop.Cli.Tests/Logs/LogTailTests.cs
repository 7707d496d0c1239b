using System.Text;
using CsCheck;
using Orlop.Cli.Logs;

namespace Orlop.Cli.Tests.Logs;

public sealed class LogTailTests
{
    private const string Stamp = "2026-03-01T00:00:00Z stdout";

    [Fact]
    public void The_tail_begins_where_counting_from_the_front_says() =>
        Gen.Select(Gen.Select(Gen.Bool, Gen.Int[0, 9_000]).List[0, 30], Gen.Int[0, 12], Gen.Bool).Sample((records, lines, unfinished) =>
        {
            var text = new StringBuilder();
            var lineStarts = new List<int>();
            bool inLine = false;
            foreach (var (isPartial, length) in records)
            {
                if (!inLine)
                    lineStarts.Add(text.Length);

                text.Append(Stamp).Append(isPartial ? " P " : " F ").Append('x', length).Append('\n');
                inLine = isPartial;
            }

            if (unfinished && text.Length > 0)
                text.Length--;

            using var stream = new MemoryStream(Encoding.ASCII.GetBytes(text.ToString()));
            long expected = lines == 0 ? text.Length : lines >= lineStarts.Count ? 0 : lineStarts[^lines];
            return LogTail.FindStart(stream, lines) == expected;
        }, iter: 500);
}
