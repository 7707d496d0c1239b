using System.Buffers.Binary;
using System.Text;

namespace Orlop.Linux.Protocol;

/// <summary>Reads a body. At its end every field has its default; a body that ends inside a field is an error.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> rest = body;

    /// <summary>Whether nothing is left.</summary>
    public readonly bool AtEnd => rest.IsEmpty;

    public byte Byte() => rest.IsEmpty ? (byte)0 : Take(1)[0];

    public bool Flag() => Byte() != 0;

    public int Int32(int missing = 0) => rest.IsEmpty ? missing : BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => rest.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>A view into the body.</summary>
    public ReadOnlySpan<byte> Bytes() => rest.IsEmpty ? default : Take(Int32());

    public string Text() => Encoding.UTF8.GetString(Bytes());

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)rest.Length) throw new ProtocolException($"a field of {count} bytes where {rest.Length} are left");
        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
