using System.Collections.Concurrent;

namespace Orlop.Layers;

/// <summary>Reads a stream on a thread of its own, some buffers ahead of whoever reads this one.</summary>
/// <remarks>Owns the inner stream. Must be disposed asynchronously, which ends the thread's work.</remarks>
internal sealed class ReadAheadStream : ForwardStream
{
    private const int Buffers = 8;
    private const int BufferSize = 1 << 18;

    private readonly BlockingCollection<ArraySegment<byte>> _full = new(Buffers);
    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Stream _inner;
    private readonly Task _reader;
    private ArraySegment<byte> _current = ArraySegment<byte>.Empty;

    public ReadAheadStream(Stream inner)
    {
        _inner = inner;
        _reader = Task.Factory.StartNew(Fill, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public override int Read(Span<byte> buffer)
    {
        while (_current.Count == 0)
        {
            if (_current.Array is { Length: > 0 } used)
                _free.Add(used);
            if (!_full.TryTake(out _current, Timeout.Infinite, _stop.Token))
            {
                _current = ArraySegment<byte>.Empty;
                _reader.GetAwaiter().GetResult(); // finished: throws what the inner stream threw
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, _current.Count);
        _current.AsSpan(0, count).CopyTo(buffer);
        _current = _current[count..];
        return count;
    }

    /// <summary>Reads the inner stream to its end; it may be used by the caller afterwards.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        foreach (var buffer in _full.GetConsumingEnumerable(cancellationToken))
            _free.Add(buffer.Array!);
        await _reader;
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reader.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // whoever read has seen the error
        await _inner.DisposeAsync();
        _full.Dispose();
        _stop.Dispose();
        await base.DisposeAsync();
    }

    private void Fill()
    {
        try
        {
            while (true)
            {
                byte[] buffer = _free.TryTake(out byte[]? used) ? used : GC.AllocateUninitializedArray<byte>(BufferSize);
                int read = _inner.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                if (read == 0)
                    return;
                _full.Add(new ArraySegment<byte>(buffer, 0, read), _stop.Token);
            }
        }
        finally
        {
            _full.CompleteAdding();
        }
    }
}
