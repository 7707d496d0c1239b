namespace Orlop.Layers.Tar;

/// <summary>A stream with a window over its next bytes, so that headers and data are read without a copy.</summary>
internal sealed class TarInput(Stream stream)
{
    // Stays in the processor's cache; grows for the rare extended header that is larger.
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(1 << 17);
    private int _start;
    private int _end;

    /// <summary>Bytes before the window.</summary>
    public long Position { get; private set; }

    /// <summary>What has been read and not yet consumed.</summary>
    public ReadOnlySpan<byte> Available => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Grows the window to at least <paramref name="count"/> bytes; false when the stream ends before.</summary>
    public bool TryFill(int count)
    {
        if (_end - _start >= count)
            return true;

        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }

        if (count > _buffer.Length)
            Array.Resize(ref _buffer, count);

        while (_end < count)
        {
            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
                return false;
            _end += read;
        }

        return true;
    }

    /// <summary>Consumes bytes of the window.</summary>
    public void Advance(int count)
    {
        _start += count;
        Position += count;
    }

    /// <summary>Consumes bytes, reading over them.</summary>
    /// <returns>False when the stream ends before.</returns>
    public bool TrySkip(long count)
    {
        while (count > 0)
        {
            if (!TryFill(1))
                return false;
            int step = (int)Math.Min(count, _end - _start);
            Advance(step);
            count -= step;
        }

        return true;
    }
}
