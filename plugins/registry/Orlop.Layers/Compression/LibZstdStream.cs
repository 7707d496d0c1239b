namespace Orlop.Layers.Compression;

/// <summary>Decompression by libzstd; one reader, one thread at a time.</summary>
/// <param name="compressed">One frame or more; disposed with this stream.</param>
internal sealed unsafe class LibZstdStream(Stream compressed) : ForwardStream
{
    private const int InputSize = 1 << 18;

    private readonly ZstdContext _context = new();
    private readonly NativeMemoryHandle _input = new(InputSize);
    private nuint _position;
    private nuint _available;
    private nuint _wanted; // 0 between frames

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        fixed (byte* start = buffer)
        {
            var output = new Zstd.Buffer { Start = start, Size = (nuint)buffer.Length };
            while (true)
            {
                // Without further input there may still be output inside of the context.
                bool hasInput = _position < _available || Fill();
                if (!hasInput && _wanted == 0)
                    return 0;
                var input = new Zstd.Buffer { Start = _input.Pointer, Size = _available, Position = _position };
                nuint result = Zstd.Decompress(_context.Pointer, &output, &input);
                if (Zstd.IsError(result) != 0)
                    throw new InvalidDataException(Zstd.ErrorName(result));
                _wanted = result;
                _position = input.Position;
                if (output.Position > 0)
                    return (int)output.Position;
                if (!hasInput)
                    throw new InvalidDataException("the data ends in the middle");
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            compressed.Dispose();
            _context.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Fill()
    {
        _position = 0;
        _available = (nuint)compressed.Read(new Span<byte>(_input.Pointer, InputSize));
        return _available > 0;
    }
}
