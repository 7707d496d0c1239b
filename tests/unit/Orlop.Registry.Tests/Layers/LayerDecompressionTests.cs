using CsCheck;
using Orlop.Layers;
using Orlop.Layers.Compression;
using Orlop.Layers.Digests;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Layers;

public sealed class LayerDecompressionTests
{
    private static readonly byte[] Text = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * i >> 3))];

    public static TheoryData<string> Formats => ["gzip", "zstd", "plain"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_first_bytes_tell_the_format(string format) => Open(Compress(format, Text)).Should().Equal(Text);

    [Fact]
    public void Members_of_gzip_and_frames_of_zstd_follow_each_other()
    {
        Open([.. TestImage.Gzip(Text), .. TestImage.Gzip([1, 2, 3])]).Should().Equal([.. Text, 1, 2, 3]);
        byte[] skippable = [0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 9, 9, 9, 9];
        Open([.. skippable, .. TestImage.Zstd(Text), .. skippable, .. TestImage.Zstd([1, 2, 3])]).Should().Equal([.. Text, 1, 2, 3]);
    }

    public static TheoryData<string> Decoders => ["isal", "zlib", "libzstd", "zstdsharp"];

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Every_decoder_reads_the_same(string decoder)
    {
        byte[] empty = [];
        Func<byte[], byte[]> compress = decoder is "isal" or "zlib" ? TestImage.Gzip : TestImage.Zstd;
        foreach (byte[] text in (byte[][])[Text, Text[..1], empty, new byte[1 << 20], System.Security.Cryptography.RandomNumberGenerator.GetBytes(700_000)])
        {
            byte[] whole = [.. compress(text), .. compress(Text[..1000])];
            foreach (int size in (int[])[1, 333, 4096, 1 << 18, 1 << 21])
            {
                if (size == 1 && text.Length > 10_000)
                    continue;
                using var stream = OpenWith(decoder, new Trickle(new MemoryStream(whole), size));
                using var copy = new MemoryStream();
                stream.CopyTo(copy, size);
                copy.ToArray().AsSpan().SequenceEqual([.. text, .. Text[..1000]]).Should().BeTrue("{0}, {1} bytes at a time", decoder, size);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void No_decoder_survives_damage_unnoticed_or_crashes(string decoder)
    {
        byte[] whole = decoder is "isal" or "zlib" ? TestImage.Gzip(Text) : TestImage.Zstd(Text);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                byte[] damaged = [.. whole];
                foreach (var (index, value) in changes)
                    damaged[index] = value;
                try
                {
                    using var stream = OpenWith(decoder, new MemoryStream(damaged));
                    using var copy = new MemoryStream();
                    stream.CopyTo(copy);
                }
                catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException)
                {
                    // What is expected of them.
                }
            },
            iter: 500);
    }

    private static Stream OpenWith(string decoder, Stream compressed) => decoder switch
    {
        "isal" when Tool.HasLibrary("libisal.so.2") => new IsalGzipStream(compressed),
        "libzstd" when Tool.HasLibrary("libzstd.so.1") => new LibZstdStream(compressed),
        "isal" or "zlib" => new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionMode.Decompress),
        _ => new ZstdSharp.DecompressionStream(compressed, leaveOpen: false),
    };

    private sealed class Trickle(Stream inner, int size) : ForwardStream
    {
        public override int Read(Span<byte> buffer) => inner.Read(buffer[..Math.Min(size, buffer.Length)]);
    }

    // A cut gzip layer shows in the archive or in the diff id: where ISA-L is missing, GZipStream takes the end of its input for the end of the data.
    [Fact]
    public void A_zstd_layer_that_is_cut_off_is_an_error_wherever_it_is_cut()
    {
        byte[] whole = Compress("zstd", Text);
        Gen.Int[6, whole.Length - 1].Sample(length => FluentActions.Invoking(() => Open(whole[..length])).Should().Throw<LayerFormatException>("it is cut at {0} of {1}", length, whole.Length), iter: 100);
    }

    [Fact]
    public void A_flipped_bit_in_gzip_is_an_error()
    {
        byte[] whole = Compress("gzip", Text);
        whole[^6] ^= 1; // its CRC
        FluentActions.Invoking(() => Open(whole)).Should().Throw<LayerFormatException>();
    }

    [Fact]
    public void Formats_that_images_do_not_use_are_named()
    {
        FluentActions.Invoking(() => Open([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 0])).Should().Throw<LayerFormatException>().WithMessage("*xz*");
        FluentActions.Invoking(() => Open("BZh91AY"u8.ToArray())).Should().Throw<LayerFormatException>().WithMessage("*bzip2*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Short_layers_are_read(int length) => Open(Text[..length]).Should().Equal(Text[..length]);

    [Fact]
    public async Task Reading_ahead_changes_nothing()
    {
        await using var ahead = new ReadAheadStream(new MemoryStream(Text));
        using var copy = new MemoryStream();
        ahead.CopyTo(copy);
        copy.ToArray().Should().Equal(Text);
    }

    [Fact]
    public async Task An_error_of_the_stream_below_arrives_behind_the_bytes_before_it()
    {
        byte[] whole = Compress("zstd", Text);
        await using var ahead = new ReadAheadStream(LayerDecompression.Open(new MemoryStream(whole[..^9])));
        FluentActions.Invoking(() => ahead.CopyTo(Stream.Null)).Should().Throw<LayerFormatException>();
    }

    [Fact]
    public async Task Reading_ahead_may_stop_in_the_middle()
    {
        var ahead = new ReadAheadStream(new MemoryStream(new byte[64 << 20]));
        ahead.ReadByte().Should().Be(0);
        await ahead.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Digests_are_those_of_the_standard()
    {
        Digest.Of("abc"u8).ToString().Should().Be("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        using var sha512 = new DigestHash(DigestAlgorithm.Sha512);
        sha512.Append("a"u8);
        sha512.Append("bc"u8);
        sha512.Finish().ToString().Should().StartWith("sha512:ddaf35a193617abacc417349ae204131");
        foreach (string bad in (string[])["", "sha256", "sha256:", "sha256:AB", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha512:" + new string('a', 64), "sha256:" + new string('A', 64)])
            Digest.TryParse(bad, out _).Should().BeFalse(bad);
    }

    private static byte[] Compress(string format, byte[] bytes) => format switch
    {
        "gzip" => TestImage.Gzip(bytes),
        "zstd" => TestImage.Zstd(bytes),
        _ => bytes,
    };

    private static byte[] Open(byte[] layer)
    {
        using var stream = LayerDecompression.Open(new MemoryStream(layer));
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
