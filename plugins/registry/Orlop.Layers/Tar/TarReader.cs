namespace Orlop.Layers.Tar;

/// <summary>
/// Reads an archive from front to back, as bytes: v7, ustar, old GNU and PAX. Blocks on the stream; meant for a thread of its own.
/// </summary>
/// <remarks>
/// Where the formats leave a choice, it does what Go's archive/tar does: builders, scanners and other runtimes read layers
/// with it, and a layer must be the same tree for all of them. So global extended headers are checked and not applied,
/// and an archive may end at an entry's end without the two zero blocks.
/// </remarks>
internal sealed class TarReader(Stream archive)
{
    /// <summary>The longest extended header, long name or long link that is accepted, in bytes.</summary>
    public const int MaxExtensionSize = (1 << 20) - TarHeader.Size;

    private readonly TarInput _input = new(archive);
    private IReadOnlyList<SparseSegment>? _segments;
    private int _segment;         // index of the segment that is being read
    private long _fileOffset;     // where the next chunk belongs
    private long _left;           // bytes of data of the current entry that are not read yet
    private long _segmentLeft;    // of these, bytes of the current segment
    private int _padding;         // bytes behind the data up to the next block
    private string _current = "";
    private bool _ended;

    /// <summary>The next entry, whatever was left of the last one's data; null at the end of the archive.</summary>
    /// <exception cref="LayerFormatException">The archive is cut off or malformed.</exception>
    public TarEntry? Next()
    {
        SkipRest();
        PaxHeader? pax = null;
        byte[]? longName = null;
        byte[]? longLink = null;
        while (!_ended)
        {
            if (!_input.TryFill(TarHeader.Size))
            {
                if (_input.Available.Length > 0 || pax is not null || longName is not null || longLink is not null)
                    throw Cut("in a header");
                return null;
            }

            if (TarHeader.IsZero(_input.Available[..TarHeader.Size]))
            {
                End(extensionPending: pax is not null || longName is not null || longLink is not null);
                return null;
            }

            var header = new TarHeader(_input.Available[..TarHeader.Size], _input.Position);
            header.VerifyChecksum();
            switch (header.TypeFlag)
            {
                case (byte)'x':
                    pax = PaxHeader.Parse(ReadExtension(header.EntrySize));
                    break;
                case (byte)'g':
                    _ = PaxHeader.Parse(ReadExtension(header.EntrySize));
                    break;
                case (byte)'L':
                    longName = UpToNul(ReadExtension(header.EntrySize));
                    break;
                case (byte)'K':
                    longLink = UpToNul(ReadExtension(header.EntrySize));
                    break;
                default:
                    return ReadEntry(header, pax, longName, longLink);
            }
        }

        return null;
    }

    /// <summary>The next run of the current entry's data and where in the file it belongs; false at its end.</summary>
    /// <remarks>The bytes are valid until the next call.</remarks>
    /// <exception cref="LayerFormatException">The archive is cut off.</exception>
    public bool TryReadChunk(out long offset, out ReadOnlySpan<byte> bytes)
    {
        while (_segmentLeft == 0 && _segments is not null && _segment < _segments.Count)
        {
            (_fileOffset, _segmentLeft) = _segments[_segment];
            _segment++;
        }

        offset = _fileOffset;
        bytes = default;
        if (_segmentLeft == 0)
            return false;

        if (!_input.TryFill(1))
            throw Cut($"in the data of \"{_current}\"");
        int count = (int)Math.Min(_segmentLeft, _input.Available.Length);
        bytes = _input.Available[..count];
        _input.Advance(count);
        _fileOffset += count;
        _segmentLeft -= count;
        _left -= count;
        return true;
    }

    private TarEntry ReadEntry(TarHeader header, PaxHeader? pax, byte[]? longName, byte[]? longLink)
    {
        byte[] name = longName ?? pax?.Name("GNU.sparse.name") ?? pax?.Name("path") ?? header.Name;
        var type = TypeOf(header.TypeFlag, name);
        long dataSize = type == TarEntryType.File ? pax?.Number("size") ?? header.EntrySize : 0;
        if (dataSize < 0)
            throw new LayerFormatException($"the header at offset {_input.Position} has a negative size");
        var (seconds, nanoseconds) = pax?.Time("mtime") ?? (header.Modified, 0);
        _current = System.Text.Encoding.UTF8.GetString(name);

        byte[] linkName = longLink ?? pax?.Name("linkpath") ?? header.LinkName.ToArray();
        uint mode = (uint)(header.Mode & 0xfff);
        uint uid = Id(pax?.Number("uid") ?? header.Uid, "uid");
        uint gid = Id(pax?.Number("gid") ?? header.Gid, "gid");
        bool isDevice = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice;
        uint major = isDevice ? Device(header.DeviceMajor) : 0;
        uint minor = isDevice ? Device(header.DeviceMinor) : 0;
        var (segments, size) = ReadSegments(header, pax, type, ref dataSize);

        return new TarEntry
        {
            Name = name,
            LinkName = linkName,
            Type = type,
            Mode = mode,
            Uid = uid,
            Gid = gid,
            Size = size,
            ModifiedSeconds = seconds,
            ModifiedNanoseconds = nanoseconds,
            DeviceMajor = major,
            DeviceMinor = minor,
            Xattrs = pax?.Xattrs ?? [],
            Segments = segments,
        };
    }

    // Consumes the header and a sparse map, and sets up the reading of the data.
    private (List<SparseSegment>? Segments, long Size) ReadSegments(TarHeader header, PaxHeader? pax, TarEntryType type, ref long dataSize)
    {
        List<SparseSegment>? segments = null;
        long size = dataSize;
        _padding = (int)(-dataSize & (TarHeader.Size - 1));
        if (header.TypeFlag == 'S')
        {
            size = header.GnuRealSize;
            segments = SparseMap.ReadOldGnu(header, _input);
        }
        else
        {
            _input.Advance(TarHeader.Size);
            if (type == TarEntryType.File && pax is not null)
                segments = ReadPaxSegments(pax, ref dataSize, ref size);
        }

        if (segments is not null)
            SparseMap.Verify(segments, size, dataSize);
        _segments = segments;
        _segment = 0;
        _fileOffset = 0;
        _left = dataSize;
        _segmentLeft = segments is null ? dataSize : 0;
        return (segments, size);
    }

    private List<SparseSegment>? ReadPaxSegments(PaxHeader pax, ref long dataSize, ref long size)
    {
        if (pax.Number("GNU.sparse.major") is 1 && pax.Number("GNU.sparse.minor") is 0)
        {
            size = pax.Number("GNU.sparse.realsize") ?? throw new LayerFormatException("a sparse file has no real size");
            var (segments, mapSize) = SparseMap.ReadPax1(_input, dataSize);
            dataSize -= mapSize;
            return segments;
        }

        if (pax.Number("GNU.sparse.size") is not { } realSize)
            return null;
        size = realSize;
        return SparseMap.FromNumbers(pax.Numbers("GNU.sparse.map") ?? pax.SparseNumbers);
    }

    private static TarEntryType TypeOf(byte flag, byte[] name) => flag switch
    {
        0 when name.AsSpan().EndsWith("/"u8) => TarEntryType.Directory, // v7 has no type for folders
        0 or (byte)'0' or (byte)'7' or (byte)'S' => TarEntryType.File,
        (byte)'1' => TarEntryType.HardLink,
        (byte)'2' => TarEntryType.SymbolicLink,
        (byte)'3' => TarEntryType.CharacterDevice,
        (byte)'4' => TarEntryType.BlockDevice,
        (byte)'5' => TarEntryType.Directory,
        (byte)'6' => TarEntryType.Fifo,
        _ => throw new LayerFormatException($"\"{System.Text.Encoding.UTF8.GetString(name)}\" has the unknown entry type 0x{flag:x2}"),
    };

    // The highest number means "leave it as it is" to chown(2).
    private uint Id(long value, string field) => value is >= 0 and < uint.MaxValue
        ? (uint)value
        : throw new LayerFormatException($"\"{_current}\" has the {field} {value}; 0 to {uint.MaxValue - 1} are allowed");

    private uint Device(long value) => value is >= 0 and <= uint.MaxValue
        ? (uint)value
        : throw new LayerFormatException($"\"{_current}\" has the device number {value}");

    private byte[] ReadExtension(long size)
    {
        if (size is < 0 or > MaxExtensionSize)
            throw new LayerFormatException($"the extended header at offset {_input.Position} claims {size} bytes; {MaxExtensionSize} are allowed");
        _input.Advance(TarHeader.Size);
        int padded = (int)((size + TarHeader.Size - 1) & ~(TarHeader.Size - 1L));
        if (!_input.TryFill(padded))
            throw Cut("in an extended header");
        byte[] data = _input.Available[..(int)size].ToArray();
        _input.Advance(padded);
        return data;
    }

    private static byte[]? UpToNul(byte[] data)
    {
        int nul = data.AsSpan().IndexOf((byte)0);
        byte[] name = nul < 0 ? data : data[..nul];
        return name.Length == 0 ? null : name;
    }

    private void SkipRest()
    {
        if (!_input.TrySkip(_left))
            throw Cut($"in the data of \"{_current}\"");
        _left = 0;
        _segmentLeft = 0;
        _segments = null;

        // Some writers leave out the padding of the last entry; what follows it must be the end then.
        if (!_input.TrySkip(_padding))
            _ended = true;
        _padding = 0;
    }

    private void End(bool extensionPending)
    {
        _ended = true;
        if (extensionPending)
            throw Cut("behind an extended header");
        _input.Advance(TarHeader.Size);
        if (!_input.TryFill(TarHeader.Size))
            return;
        if (!TarHeader.IsZero(_input.Available[..TarHeader.Size]))
            throw new LayerFormatException($"a single block of zeros at offset {_input.Position - TarHeader.Size} is followed by data");
        _input.Advance(TarHeader.Size);
    }

    private LayerFormatException Cut(string where) => new($"the archive is cut off {where}, at offset {_input.Position + _input.Available.Length}");
}
