using System.Numerics;
using System.Runtime.InteropServices;

namespace Orlop.Layers.Tar;

/// <summary>The 512 bytes before an entry; POSIX.1-2017 pax, "ustar Interchange Format", and the old GNU form of it.</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block, long position)
{
    public const int Size = 512;

    private readonly ReadOnlySpan<byte> _block = block;
    private readonly long _position = position;

    public byte TypeFlag => _block[156];

    public long EntrySize => Number(124, 12, "size");

    public long Mode => Number(100, 8, "mode");

    public long Uid => Number(108, 8, "uid");

    public long Gid => Number(116, 8, "gid");

    public long Modified => Number(136, 12, "mtime");

    public long DeviceMajor => IsUstar || IsGnu ? Number(329, 8, "devmajor") : 0;

    public long DeviceMinor => IsUstar || IsGnu ? Number(337, 8, "devminor") : 0;

    public ReadOnlySpan<byte> LinkName => Text(157, 100);

    /// <summary>Old GNU sparse files: the size with holes.</summary>
    public long GnuRealSize => Number(483, 12, "real size");

    /// <summary>Old GNU sparse files: the first four segments.</summary>
    public ReadOnlySpan<byte> GnuSegments => _block.Slice(386, 96);

    /// <summary>Old GNU sparse files: blocks with more segments follow.</summary>
    public bool GnuIsExtended => _block[482] != 0;

    public bool IsGnu => _block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    private bool IsUstar => _block.Slice(257, 6).SequenceEqual("ustar\0"u8);

    private bool IsStar => IsUstar && _block.Slice(508, 4).SequenceEqual("tar\0"u8);

    /// <summary>Name, with the prefix in front of it where the format has one.</summary>
    public byte[] Name
    {
        get
        {
            var prefix = IsUstar ? Text(345, IsStar ? 131 : 155) : IsGnu && HasMisplacedPrefix ? Text(345, 155) : default;
            var name = Text(0, 100);
            return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
        }
    }

    // Builders with the tar writer of Go before 1.8 wrote a ustar prefix into headers marked as GNU's, where the access
    // time belongs (golang/go#12594): what is no number there is a prefix.
    private bool HasMisplacedPrefix => _block[345] != 0 && !TarNumber.TryParse(_block.Slice(345, 12), out _);

    public static bool IsZero(ReadOnlySpan<byte> block) => !block.ContainsAnyExcept((byte)0);

    /// <summary>Checks the sum of all bytes; some old writers summed signed ones.</summary>
    /// <exception cref="LayerFormatException">It differs.</exception>
    public void VerifyChecksum()
    {
        var (all, negative) = SumOf(_block);
        var (field, negativeField) = SumOf(_block.Slice(148, 8));
        int unsigned = all - field + 8 * ' '; // its own field counts as spaces
        int signed = unsigned - 256 * (negative - negativeField);
        if (!TarNumber.TryParse(_block.Slice(148, 8), out long sum) || (sum != unsigned && sum != signed))
            throw new LayerFormatException($"the header at offset {_position} has a wrong checksum");
    }

    // Eight bytes at a time, as four sums of 16 bits: a whole block adds at most 128 bytes to each.
    private static (int Sum, int Negative) SumOf(ReadOnlySpan<byte> bytes)
    {
        const ulong EveryOther = 0x00ff_00ff_00ff_00ff;
        const ulong SignBits = 0x8080_8080_8080_8080;
        ulong sums = 0;
        int negative = 0;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            sums += (word & EveryOther) + ((word >> 8) & EveryOther);
            negative += BitOperations.PopCount(word & SignBits);
        }

        int sum = (int)(sums & 0xffff) + (int)((sums >> 16) & 0xffff) + (int)((sums >> 32) & 0xffff) + (int)(sums >> 48);
        return (sum, negative);
    }

    private ReadOnlySpan<byte> Text(int offset, int length)
    {
        var field = _block.Slice(offset, length);
        int nul = field.IndexOf((byte)0);
        return nul < 0 ? field : field[..nul];
    }

    private long Number(int offset, int length, string field) =>
        TarNumber.TryParse(_block.Slice(offset, length), out long value)
            ? value
            : throw new LayerFormatException($"the header at offset {_position} has an unreadable {field}");
}
