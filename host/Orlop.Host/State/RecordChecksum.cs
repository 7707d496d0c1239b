using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Orlop.Host.State;

/// <summary>CRC-32C (Castagnoli) over a record's namespace, key and value: a torn or misplaced record does not match.</summary>
internal static class RecordChecksum
{
    public static uint Of(string ns, string key, ReadOnlySpan<byte> value)
    {
        uint crc = Append(~0u, Encoding.UTF8.GetBytes(ns));
        crc = Append(BitOperations.Crc32C(crc, (byte)0), Encoding.UTF8.GetBytes(key));
        crc = Append(BitOperations.Crc32C(crc, (byte)0), value);
        return ~crc;
    }

    private static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
