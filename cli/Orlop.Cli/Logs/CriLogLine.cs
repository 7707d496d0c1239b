using System.Globalization;
using System.Text;

namespace Orlop.Cli.Logs;

/// <summary>
/// A record of a container's log: <c>2016-10-06T00:17:09.669794202Z stdout F text</c>. The tag P marks a piece of a line
/// that goes on in the stream's next record (the kubelet's CRI logging format).
/// </summary>
/// <param name="Stamp">The time as it is written; empty for a record that is not in the format.</param>
/// <param name="Time">The time to 100 ns.</param>
/// <param name="Content">The text without a line end; any bytes.</param>
internal readonly record struct CriLogLine(
    ReadOnlyMemory<byte> Stamp, DateTimeOffset Time, bool IsError, bool IsPartial, ReadOnlyMemory<byte> Content)
{
    private const int SecondsLength = 19; // 2016-10-06T00:17:09

    /// <summary>Parses a record without its line end.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> record, out CriLogLine line)
    {
        line = default;
        var rest = record;
        if (!TryTakeWord(ref rest, out var stamp) || !TryParseTime(stamp.Span, out var time)
            || !TryTakeWord(ref rest, out var stream) || !TryTakeTags(ref rest, out var tags))
        {
            return false;
        }

        bool isError = stream.Span.SequenceEqual("stderr"u8);
        if (!isError && !stream.Span.SequenceEqual("stdout"u8))
            return false;

        // Tags are separated by colons; the first says whether the line is whole.
        int colon = tags.Span.IndexOf((byte)':');
        var first = colon < 0 ? tags.Span : tags.Span[..colon];
        bool isPartial = first.SequenceEqual("P"u8);
        if (!isPartial && !first.SequenceEqual("F"u8))
            return false;

        line = new CriLogLine(stamp, time, isError, isPartial, rest);
        return true;
    }

    /// <summary>A record that some other writer left in the file: shown as it is.</summary>
    public static CriLogLine Foreign(ReadOnlyMemory<byte> record) => new(default, DateTimeOffset.MaxValue, IsError: false, IsPartial: false, record);

    public static CriLogLine ParseOrForeign(ReadOnlyMemory<byte> record) => TryParse(record, out var line) ? line : Foreign(record);

    private static bool TryTakeWord(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> word)
    {
        int space = rest.Span.IndexOf((byte)' ');
        word = space > 0 ? rest[..space] : default;
        rest = space > 0 ? rest[(space + 1)..] : rest;
        return space > 0;
    }

    /// <summary>An empty line may lack the space after its tags.</summary>
    private static bool TryTakeTags(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> tags)
    {
        if (TryTakeWord(ref rest, out tags))
            return true;

        (tags, rest) = (rest, default);
        return tags.Length > 0;
    }

    /// <summary>RFC 3339 with any number of digits, in UTC or with an offset.</summary>
    private static bool TryParseTime(ReadOnlySpan<byte> stamp, out DateTimeOffset time)
    {
        time = default;
        if (stamp.Length is <= SecondsLength or > 64 || !Ascii.IsValid(stamp))
            return false;

        Span<char> text = stackalloc char[stamp.Length];
        Encoding.ASCII.GetChars(stamp, text);

        // .NET reads seven digits of a second; more are cut off.
        int digits = 0;
        if (text[SecondsLength] == '.')
        {
            digits = text[(SecondsLength + 1)..].IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0)
                return false;
        }

        var zone = digits > 0 ? text[(SecondsLength + 1 + digits)..] : text[SecondsLength..];
        string parsed = $"{text[..SecondsLength]}.{(digits > 0 ? text.Slice(SecondsLength + 1, Math.Min(digits, 7)) : "0")}{zone}";
        return DateTimeOffset.TryParseExact(parsed, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out time) && zone.Length > 0;
    }
}
