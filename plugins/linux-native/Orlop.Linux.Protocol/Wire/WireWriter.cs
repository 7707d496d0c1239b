using System.Buffers.Binary;
using System.Text;

namespace Orlop.Linux.Protocol;

/// <summary>Builds one frame: numbers little-endian, text and bytes with a u32 length before them.</summary>
internal sealed class WireWriter
{
    private byte[] buffer;
    private int length = Frame.HeadSize;

    /// <param name="capacity">Bytes to expect.</param>
    public WireWriter(int capacity = 256) => buffer = new byte[Math.Max(capacity, Frame.HeadSize)];

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    public void Text(string value)
    {
        int size = Encoding.UTF8.GetByteCount(value);
        Int32(size);
        Encoding.UTF8.GetBytes(value, Reserve(size));
    }

    /// <summary>Begins a field whose length is known at its end.</summary>
    public int BeginBytes()
    {
        Int32(0);
        return length;
    }

    /// <summary>Ends the field that <see cref="BeginBytes"/> began.</summary>
    public void EndBytes(int start) => BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(start - 4), length - start);

    /// <summary>The finished frame.</summary>
    /// <exception cref="ProtocolException">The body is longer than <see cref="Frame.MaxBody"/>.</exception>
    public ReadOnlyMemory<byte> Complete(MessageKind kind, uint id, int descriptors = 0)
    {
        int body = length - Frame.HeadSize;
        if (body > Frame.MaxBody) throw new ProtocolException($"{kind} has {body} bytes; the limit is {Frame.MaxBody}");
        new Frame(kind, id, body, descriptors).Write(buffer);
        return buffer.AsMemory(0, length);
    }

    private Span<byte> Reserve(int count)
    {
        int start = length;
        length = checked(length + count);
        if (length > buffer.Length) Array.Resize(ref buffer, Math.Max(length, buffer.Length * 2));
        return buffer.AsSpan(start, count);
    }
}
