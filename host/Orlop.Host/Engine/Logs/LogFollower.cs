using System.Runtime.CompilerServices;

namespace Orlop.Host.Engine.Logs;

/// <summary>Reads a log file as it grows, across rotations, to the end of its container.</summary>
internal sealed class LogFollower(string path, bool fromEnd, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private const int BufferSize = 64 * 1024;

    private volatile bool _rotated;
    private volatile bool _finished;

    /// <summary>The file that is read now will not grow any more; its successor has the same name.</summary>
    public void Rotated() => _rotated = true;

    /// <summary>The container has ended: what is in the file now is all.</summary>
    public void Finish() => _finished = true;

    /// <summary>Every line that is written from now on, without its end.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var file = Open();
        try
        {
            if (fromEnd) file.Seek(0, SeekOrigin.End);
            var rest = new List<byte>();
            byte[] buffer = new byte[BufferSize];
            while (true)
            {
                // Both are read before the file: a line that came before them must not be missed.
                bool rotated = _rotated, finished = _finished;
                int read = await file.ReadAsync(buffer, cancellationToken);
                if (read > 0)
                {
                    foreach (var line in Split(buffer.AsMemory(0, read), rest)) yield return line;
                }
                else if (rotated)
                {
                    _rotated = false;
                    await file.DisposeAsync();
                    file = Open();
                }
                else if (finished)
                {
                    yield break;
                }
                else
                {
                    await Task.Delay(Pause, clock, cancellationToken);
                }
            }
        }
        finally
        {
            await file.DisposeAsync();
        }
    }

    private FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);

    private static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> read, List<byte> rest)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        while (read.Span.IndexOf((byte)'\n') is >= 0 and var end)
        {
            rest.AddRange(read.Span[..end]);
            lines.Add(rest.ToArray());
            rest.Clear();
            read = read[(end + 1)..];
        }

        rest.AddRange(read.Span);
        return lines;
    }
}
