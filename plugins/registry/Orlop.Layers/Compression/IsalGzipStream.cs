using System.IO.Compression;

namespace Orlop.Layers.Compression;

/// <summary>gunzip by ISA-L; one reader, one thread at a time.</summary>
/// <param name="compressed">One member of gzip or more; disposed with this stream.</param>
internal sealed unsafe class IsalGzipStream(Stream compressed) : ForwardStream
{
    private const int InputSize = 1 << 18;

    private readonly NativeMemoryHandle _state = new(Isal.StateSize);
    private readonly NativeMemoryHandle _input = new(InputSize);
    private bool _inMember;
    private bool _ended;

    /// <summary>Tries the installed library on a known text, so that one with another layout of its state is never used.</summary>
    public static bool WorksHere()
    {
        byte[] text = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * i >> 4))];
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(text);
        compressed.Position = 0;
        try
        {
            using var stream = new IsalGzipStream(compressed);
            byte[] output = new byte[text.Length + 1];
            return stream.ReadAtLeast(output, output.Length, throwOnEndOfStream: false) == text.Length && output.AsSpan(0, text.Length).SequenceEqual(text);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
            return 0;
        byte* state = _state.Pointer;
        fixed (byte* output = buffer)
        {
            *(byte**)(state + Isal.NextOut) = output;
            *(uint*)(state + Isal.AvailableOut) = (uint)buffer.Length;
            while (true)
            {
                // Without further input there may still be output inside of the state.
                bool hasInput = *(uint*)(state + Isal.AvailableIn) > 0 || Fill(state);
                if (!_inMember && (!hasInput || !TryBeginMember(state, output, buffer.Length)))
                {
                    _ended = true;
                    return 0;
                }

                int result = Isal.Inflate(state);
                if (result != 0)
                    throw new InvalidDataException($"isal_inflate: {result}");
                _inMember = *(uint*)(state + Isal.BlockState) != Isal.BlockFinish;
                int written = buffer.Length - (int)*(uint*)(state + Isal.AvailableOut);
                if (written > 0)
                    return written;
                if (!hasInput && _inMember)
                    throw new InvalidDataException("the data ends in the middle");
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            compressed.Dispose();
            _state.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Fill(byte* state)
    {
        int read = compressed.Read(new Span<byte>(_input.Pointer, InputSize));
        *(byte**)(state + Isal.NextIn) = _input.Pointer;
        *(uint*)(state + Isal.AvailableIn) = (uint)read;
        return read > 0;
    }

    // What follows a member is another one, or filling that is of no interest (as for gzip(1) and GZipStream).
    private bool TryBeginMember(byte* state, byte* output, int size)
    {
        byte* next = *(byte**)(state + Isal.NextIn);
        uint available = *(uint*)(state + Isal.AvailableIn);
        if (*next != 0x1f)
            return false;

        Isal.Init(state);
        *(uint*)(state + Isal.CrcFlag) = Isal.Gzip;
        *(byte**)(state + Isal.NextIn) = next;
        *(uint*)(state + Isal.AvailableIn) = available;
        *(byte**)(state + Isal.NextOut) = output;
        *(uint*)(state + Isal.AvailableOut) = (uint)size;
        _inMember = true;
        return true;
    }
}
