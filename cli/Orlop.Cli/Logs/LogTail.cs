namespace Orlop.Cli.Logs;

/// <summary>Finds where the last lines of a log begin, reading from the end.</summary>
internal static class LogTail
{
    private const int BlockSize = 32 * 1024;

    /// <summary>The offset of the last <paramref name="lines"/> whole lines; the pieces of a cut line count as one.</summary>
    public static long FindStart(Stream stream, int lines)
    {
        long end = stream.Length;
        if (lines <= 0)
            return end;

        int ends = 0;
        long start = end;
        foreach (var (offset, length) in RecordsFromEnd(stream))
        {
            // A record that ends a line begins the count of another line; the newest record does so in any case.
            bool endsLine = start == end || !IsPartial(stream, offset, length);
            if (endsLine && ++ends > lines)
                return start;

            start = offset;
        }

        return 0;
    }

    /// <summary>The records' offsets and lengths without line ends, the last one first.</summary>
    private static IEnumerable<(long Offset, int Length)> RecordsFromEnd(Stream stream)
    {
        byte[] block = new byte[BlockSize];
        long recordEnd = stream.Length; // where the record ends that is being looked for, without its line end
        if (recordEnd > 0 && LastByte(stream) == '\n')
            recordEnd--;

        for (long blockEnd = recordEnd; blockEnd > 0;)
        {
            long blockStart = Math.Max(0, blockEnd - BlockSize);
            int length = (int)(blockEnd - blockStart);
            stream.Position = blockStart;
            stream.ReadExactly(block, 0, length);

            for (int i = length - 1; i >= 0; i--)
            {
                if (block[i] != '\n')
                    continue;

                yield return (blockStart + i + 1, (int)(recordEnd - (blockStart + i + 1)));
                recordEnd = blockStart + i;
            }

            blockEnd = blockStart;
        }

        if (stream.Length > 0)
            yield return (0, (int)recordEnd);
    }

    private static int LastByte(Stream stream)
    {
        stream.Position = stream.Length - 1;
        return stream.ReadByte();
    }

    private static bool IsPartial(Stream stream, long offset, int length)
    {
        // The tag is within the first words; the text after it does not matter.
        byte[] head = new byte[Math.Min(length, 96)];
        stream.Position = offset;
        stream.ReadExactly(head);
        return CriLogLine.TryParse(head, out var line) && line.IsPartial;
    }
}
