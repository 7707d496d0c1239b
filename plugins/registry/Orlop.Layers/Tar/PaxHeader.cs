using System.Buffers.Text;
using System.Text;

namespace Orlop.Layers.Tar;

/// <summary>The records of one extended header: <c>"%d %s=%s\n", length, keyword, value</c> (POSIX.1-2017 pax, "pax Extended Header").</summary>
/// <remarks>Values are bytes up to the stated length, newlines and NULs included; only names may not hold a NUL.</remarks>
internal sealed class PaxHeader
{
    private const string XattrPrefix = "SCHILY.xattr.";
    private const string Base64XattrPrefix = "LIBARCHIVE.xattr.";

    private readonly Dictionary<string, byte[]> _records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TarXattr> _xattrs = new(StringComparer.Ordinal);
    private readonly List<long> _sparseNumbers = []; // GNU.sparse.offset and .numbytes in turn (sparse format 0.0)

    /// <summary>The extended attributes, in the order of the archive.</summary>
    public IReadOnlyList<TarXattr> Xattrs => _xattrs.Count == 0 ? [] : [.. _xattrs.Values];

    /// <summary>Offsets and lengths in turn, from repeated records (sparse format 0.0).</summary>
    public IReadOnlyList<long> SparseNumbers => _sparseNumbers;

    /// <exception cref="LayerFormatException">A record is malformed.</exception>
    public static PaxHeader Parse(ReadOnlySpan<byte> data)
    {
        var header = new PaxHeader();
        while (!data.IsEmpty)
        {
            if (!Utf8Parser.TryParse(data, out int length, out int digits) || digits >= data.Length || data[digits] != ' '
                || length <= digits + 1 || length > data.Length || data[length - 1] != '\n')
                throw new LayerFormatException("an extended header holds a record of a wrong length");

            var record = data[(digits + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals <= 0 || record[..equals].Contains((byte)0))
                throw new LayerFormatException("an extended header holds a record without a keyword");

            header.Add(record[..equals], record[(equals + 1)..]);
            data = data[length..];
        }

        return header;
    }

    /// <summary>The value of a keyword; null when it is absent or empty, which both mean "as in the header".</summary>
    public byte[]? Bytes(string keyword) => _records.TryGetValue(keyword, out byte[]? value) && value.Length > 0 ? value : null;

    /// <exception cref="LayerFormatException">The value is no name.</exception>
    public byte[]? Name(string keyword) => Bytes(keyword) is not { } value
        ? null
        : value.Contains((byte)0) ? throw new LayerFormatException($"an extended header has a NUL in its {keyword}") : value;

    /// <exception cref="LayerFormatException">The value is no whole number.</exception>
    public long? Number(string keyword) => Bytes(keyword) is { } value ? ParseNumber(value, keyword) : null;

    /// <summary>Seconds, rounded down, and nanoseconds of a time such as <c>-1.5</c>.</summary>
    /// <exception cref="LayerFormatException">The value is no time.</exception>
    public (long Seconds, int Nanoseconds)? Time(string keyword)
    {
        if (Bytes(keyword) is not { } value)
            return null;

        var text = value.AsSpan();
        bool negative = text[0] == '-';
        int point = text.IndexOf((byte)'.');
        long seconds = ParseNumber(point < 0 ? text : text[..point], keyword);
        int nanoseconds = 0;
        if (point >= 0)
        {
            var fraction = text[(point + 1)..];
            for (int i = 0; i < fraction.Length; i++)
            {
                if (!char.IsAsciiDigit((char)fraction[i]))
                    throw Unreadable(keyword);
                if (i < 9)
                    nanoseconds = (nanoseconds * 10) + (fraction[i] - '0');
            }

            for (int i = fraction.Length; i < 9; i++)
                nanoseconds *= 10;
        }

        return negative && nanoseconds > 0 ? (seconds - 1, 1_000_000_000 - nanoseconds) : (seconds, nanoseconds);
    }

    /// <summary>A list of whole numbers with commas between them.</summary>
    /// <exception cref="LayerFormatException">One is no number.</exception>
    public IReadOnlyList<long>? Numbers(string keyword)
    {
        if (Bytes(keyword) is not { } value)
            return null;

        var numbers = new List<long>();
        foreach (var range in value.AsSpan().Split((byte)','))
            numbers.Add(ParseNumber(value.AsSpan(range), keyword));
        return numbers;
    }

    private static long ParseNumber(ReadOnlySpan<byte> text, string keyword) =>
        Utf8Parser.TryParse(text, out long number, out int read) && read == text.Length ? number : throw Unreadable(keyword);

    private static LayerFormatException Unreadable(string keyword) => new($"an extended header has an unreadable {keyword}");

    private void Add(ReadOnlySpan<byte> keywordBytes, ReadOnlySpan<byte> value)
    {
        string keyword = Encoding.UTF8.GetString(keywordBytes);
        if (keyword is "GNU.sparse.offset" or "GNU.sparse.numbytes")
        {
            if (_sparseNumbers.Count % 2 != (keyword == "GNU.sparse.offset" ? 0 : 1))
                throw new LayerFormatException("an extended header has sparse offsets and lengths out of order");
            _sparseNumbers.Add(ParseNumber(value, keyword));
        }
        else if (keyword.StartsWith(XattrPrefix, StringComparison.Ordinal))
        {
            AddXattr(keywordBytes[XattrPrefix.Length..], value.ToArray());
        }
        else if (keyword.StartsWith(Base64XattrPrefix, StringComparison.Ordinal))
        {
            // libarchive writes both forms; the SCHILY one is exact and wins whatever the order is.
            byte[] name = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(keyword[Base64XattrPrefix.Length..]));
            if (!_xattrs.ContainsKey(Encoding.Latin1.GetString(name)))
                AddXattr(name, DecodeBase64(value, keyword));
        }
        else
        {
            _records[keyword] = value.ToArray();
        }
    }

    private void AddXattr(ReadOnlySpan<byte> name, byte[] value)
    {
        if (name.IsEmpty)
            throw new LayerFormatException("an extended header has an extended attribute without a name");
        _xattrs[Encoding.Latin1.GetString(name)] = new TarXattr(name.ToArray(), value);
    }

    // libarchive leaves out the padding.
    private static byte[] DecodeBase64(ReadOnlySpan<byte> value, string keyword)
    {
        string text = Encoding.ASCII.GetString(value).TrimEnd('=');
        try
        {
            return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            throw Unreadable(keyword);
        }
    }
}
