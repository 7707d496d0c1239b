using System.Runtime.CompilerServices;

namespace Orlop.Cli.Logs;

/// <summary>Reads a container's log file from a start, and follows it through rotation for as long as its container runs.</summary>
internal sealed class LogReader(string path, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    // Between two questions whether the container still runs.
    private static readonly TimeSpan AliveInterval = TimeSpan.FromMilliseconds(250);

    // Runtimes cut lines at 16 KiB; what has no line end for this long is not a log in the CRI format.
    private const int LongestRecord = 1 << 20;

    private byte[] _buffer = new byte[64 * 1024];
    private int _taken;  // records before it were given out
    private int _filled; // bytes of the file up to it

    /// <summary>
    /// The records from the last <paramref name="tail"/> lines on (null: all). At the end of the file it waits for more for
    /// as long as <paramref name="mayGrow"/> says so. Each record's memory is valid until the next one is taken.
    /// </summary>
    public async IAsyncEnumerable<CriLogLine> ReadAsync(
        int? tail, Func<CancellationToken, Task<bool>> mayGrow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool growing = true;
        long asked = 0;
        var file = LogFile.TryOpen(path);
        LogFile? successor = null;
        try
        {
            if (file is not null && tail is { } lines)
                file.Stream.Position = LogTail.FindStart(file.Stream, lines);

            while (true)
            {
                while (file is not null && await FillAsync(file, cancellationToken))
                {
                    while (TryTakeRecord(out var record))
                        yield return CriLogLine.ParseOrForeign(record);
                }

                if (successor is not null)
                {
                    file?.Dispose();
                    (file, successor) = (successor, null);
                    continue;
                }

                // Once the new file is there the old one gets no more: read it to its end, then take the new one.
                successor = TryOpenSuccessor(file);
                if (successor is not null)
                    continue;

                if (!growing)
                    break;

                if (asked == 0 || time.GetElapsedTime(asked) >= AliveInterval)
                {
                    growing = await mayGrow(cancellationToken);
                    asked = time.GetTimestamp();
                }

                if (growing)
                    await Task.Delay(PollInterval, time, cancellationToken);
            }

            if (TakeRest() is { Length: > 0 } rest)
                yield return CriLogLine.ParseOrForeign(rest);
        }
        finally
        {
            file?.Dispose();
            successor?.Dispose();
        }
    }

    /// <summary>The file now at the path, when it is another one than the open one.</summary>
    private LogFile? TryOpenSuccessor(LogFile? current)
    {
        if (current is null || current.HasMoved)
            return LogFile.TryOpen(path);

        if (current.WasTruncated)
            current.Stream.Position = 0;

        return null;
    }

    /// <summary>False at the end of the file.</summary>
    private async ValueTask<bool> FillAsync(LogFile file, CancellationToken cancellationToken)
    {
        if (_filled == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);

        int read = await file.Stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
        _filled += read;
        return read > 0;
    }

    private bool TryTakeRecord(out ReadOnlyMemory<byte> record)
    {
        record = default;
        int end = _buffer.AsSpan(_taken, _filled - _taken).IndexOf((byte)'\n');
        if (end >= 0)
        {
            record = _buffer.AsMemory(_taken, end);
            _taken += end + 1;
            return true;
        }

        if (_filled - _taken >= LongestRecord)
        {
            record = _buffer.AsMemory(_taken, _filled - _taken);
            _taken = _filled;
            return true;
        }

        _buffer.AsSpan(_taken, _filled - _taken).CopyTo(_buffer);
        (_filled, _taken) = (_filled - _taken, 0);
        return false;
    }

    private ReadOnlyMemory<byte> TakeRest()
    {
        var rest = _buffer.AsMemory(_taken, _filled - _taken);
        _taken = _filled;
        return rest;
    }
}
