using System.Buffers.Text;

namespace Orlop.Layers.Tar;

/// <summary>Reads where a file with holes has its data, in the four ways that GNU tar has written it (GNU tar manual, "Storing Sparse Files").</summary>
internal static class SparseMap
{
    private const int MaxSegments = 1 << 20;

    /// <summary>The old form: segments in the header and in blocks that follow it.</summary>
    public static List<SparseSegment> ReadOldGnu(TarHeader header, TarInput input)
    {
        var segments = new List<SparseSegment>();
        AddBinary(header.GnuSegments, segments);
        bool more = header.GnuIsExtended;
        input.Advance(TarHeader.Size);
        while (more)
        {
            if (!input.TryFill(TarHeader.Size))
                throw new LayerFormatException($"the archive is cut off in a sparse map at offset {input.Position}");
            var block = input.Available[..TarHeader.Size];
            AddBinary(block[..504], segments);
            more = block[504] != 0;
            input.Advance(TarHeader.Size);
        }

        return segments;
    }

    /// <summary>PAX 0.0 and 0.1: offsets and lengths in turn in the extended header.</summary>
    public static List<SparseSegment> FromNumbers(IReadOnlyList<long> numbers)
    {
        if (numbers.Count % 2 != 0)
            throw new LayerFormatException("a sparse map has an offset without a length");
        var segments = new List<SparseSegment>(numbers.Count / 2);
        for (int i = 0; i < numbers.Count; i += 2)
            Add(segments, numbers[i], numbers[i + 1]);
        return segments;
    }

    /// <summary>PAX 1.0: decimal lines in front of the data, filled up to a block.</summary>
    /// <returns>The segments and the bytes that the map takes.</returns>
    public static (List<SparseSegment> Segments, long MapSize) ReadPax1(TarInput input, long dataSize)
    {
        long start = input.Position;
        long count = ReadLine(input, start, dataSize);
        if (count is < 0 or > MaxSegments)
            throw new LayerFormatException($"a sparse map claims {count} segments; {MaxSegments} are allowed");
        var segments = new List<SparseSegment>();
        for (long i = 0; i < count; i++)
            Add(segments, ReadLine(input, start, dataSize), ReadLine(input, start, dataSize));

        long used = input.Position - start;
        long padding = -used & (TarHeader.Size - 1);
        if (used + padding > dataSize || !input.TrySkip(padding))
            throw new LayerFormatException($"a sparse map at offset {start} is longer than its entry");
        return (segments, used + padding);
    }

    /// <summary>Segments must ascend, not overlap, stay within the file and take all of the data.</summary>
    public static void Verify(IReadOnlyList<SparseSegment> segments, long fileSize, long dataSize)
    {
        long end = 0;
        long total = 0;
        foreach (var (offset, length) in segments)
        {
            if (offset < end || length > fileSize || offset > fileSize - length)
                throw new LayerFormatException("a sparse map has segments that overlap or lie outside of the file");
            end = offset + length;
            total += length;
        }

        if (total != dataSize)
            throw new LayerFormatException($"a sparse map describes {total} bytes of data but the entry has {dataSize}");
    }

    private static void AddBinary(ReadOnlySpan<byte> fields, List<SparseSegment> segments)
    {
        for (int i = 0; i + 24 <= fields.Length && fields[i] != 0; i += 24)
        {
            if (!TarNumber.TryParse(fields.Slice(i, 12), out long offset) || !TarNumber.TryParse(fields.Slice(i + 12, 12), out long length))
                throw new LayerFormatException("a sparse map has an unreadable number");
            Add(segments, offset, length);
        }
    }

    private static void Add(List<SparseSegment> segments, long offset, long length)
    {
        if (offset < 0 || length < 0 || segments.Count == MaxSegments)
            throw new LayerFormatException("a sparse map has a negative number or too many segments");
        segments.Add(new SparseSegment(offset, length));
    }

    private static long ReadLine(TarInput input, long start, long dataSize)
    {
        const int longest = 20;
        input.TryFill(longest + 1);
        int end = input.Available[..Math.Min(input.Available.Length, longest + 1)].IndexOf((byte)'\n');
        if (end <= 0 || input.Position + end + 1 - start > dataSize
            || !Utf8Parser.TryParse(input.Available[..end], out long number, out int read) || read != end)
            throw new LayerFormatException($"a sparse map at offset {start} has an unreadable number");
        input.Advance(end + 1);
        return number;
    }
}
