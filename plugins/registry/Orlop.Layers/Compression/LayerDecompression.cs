namespace Orlop.Layers.Compression;

/// <summary>Finds out how a layer is compressed from its first bytes: media types are often wrong about it.</summary>
internal static class LayerDecompression
{
    private const int MagicLength = 6;

    /// <summary>A stream of the uncompressed layer. Its reads throw <see cref="LayerFormatException"/> on damage.</summary>
    /// <param name="layer">The layer as the registry has it; disposed with the result.</param>
    /// <exception cref="LayerFormatException">It is compressed in a way that images do not use.</exception>
    public static Stream Open(Stream layer)
    {
        byte[] head = new byte[MagicLength];
        int length = layer.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var magic = head.AsSpan(0, length);
        var whole = new PrefixedStream(head.AsMemory(0, length), layer);
        if (magic.StartsWith<byte>([0x1f, 0x8b]))
            return new DecodedStream("gzip", NativeDecoders.OpenGzip(whole));
        if (magic.StartsWith<byte>([0x28, 0xb5, 0x2f, 0xfd]) || IsZstdSkippableFrame(magic))
            return new DecodedStream("zstd", NativeDecoders.OpenZstd(whole));
        if (magic.StartsWith<byte>([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]))
            throw new LayerFormatException("the layer is compressed with xz; images use gzip, zstd or no compression");
        if (magic.StartsWith("BZh"u8))
            throw new LayerFormatException("the layer is compressed with bzip2; images use gzip, zstd or no compression");
        return whole;
    }

    // RFC 8878, 3.1.2; zstd:chunked layers may begin with one.
    private static bool IsZstdSkippableFrame(ReadOnlySpan<byte> magic) =>
        magic.Length >= 4 && (magic[0] & 0xf0) == 0x50 && magic[1..4].SequenceEqual<byte>([0x2a, 0x4d, 0x18]);
}
