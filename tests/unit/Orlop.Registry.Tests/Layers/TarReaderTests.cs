using System.Text;
using CsCheck;
using Orlop.Layers;
using Orlop.Layers.Tar;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Layers;

public sealed class TarReaderTests
{
    [Fact]
    public void A_plain_archive_comes_back_entry_by_entry()
    {
        var entries = Read(TarBuilder.Layer(t => t.Folder("etc/").File("etc/hostname", "orlop\n", mode: 0x9ed, uid: 1000, gid: 50).Symlink("etc/link", "/etc/hostname").HardLink("etc/hard", "etc/hostname")));

        entries.Select(e => (e.Entry.DisplayName, e.Entry.Type)).Should().Equal(
            ("etc/", TarEntryType.Directory), ("etc/hostname", TarEntryType.File), ("etc/link", TarEntryType.SymbolicLink), ("etc/hard", TarEntryType.HardLink));
        entries[1].Content.Should().Equal("orlop\n"u8.ToArray());
        entries[1].Entry.Should().BeEquivalentTo(new { Mode = 0x9edu, Uid = 1000u, Gid = 50u, Size = 6L, ModifiedSeconds = 1_700_000_000L });
        entries[2].Entry.LinkName.Should().Equal("/etc/hostname"u8.ToArray());
    }

    [Fact]
    public void Extended_headers_replace_what_the_header_says()
    {
        byte[] name = [.. Enumerable.Repeat((byte)'n', 300)];
        var entries = Read(TarBuilder.Layer(t => t
            .Pax(("path", name), ("mtime", "1234567890.123456789"u8.ToArray()), ("uid", "3000000000"u8.ToArray()), ("gid", "7"u8.ToArray()))
            .File("short", "x")));

        entries.Should().ContainSingle();
        entries[0].Entry.Name.Should().Equal(name);
        entries[0].Entry.Should().BeEquivalentTo(new { Uid = 3000000000u, Gid = 7u, ModifiedSeconds = 1234567890L, ModifiedNanoseconds = 123456789 });
    }

    [Theory]
    [InlineData("-1.5", -2, 500_000_000)]
    [InlineData("-1", -1, 0)]
    [InlineData("-0.25", -1, 750_000_000)]
    [InlineData("0.1234567899", 0, 123_456_789)]
    public void Times_are_rounded_down(string text, long seconds, int nanoseconds)
    {
        var entry = Read(TarBuilder.Layer(t => t.Pax(("mtime", Encoding.ASCII.GetBytes(text))).File("a"))).Single().Entry;
        (entry.ModifiedSeconds, entry.ModifiedNanoseconds).Should().Be((seconds, nanoseconds));
    }

    [Fact]
    public void Extended_attributes_are_bytes_with_newlines_and_all()
    {
        byte[] value = [1, 0, 0, 2, (byte)'\n', 0xff, 0x80, (byte)'=', 0];
        var entry = Read(TarBuilder.Layer(t => t.Pax(("SCHILY.xattr.security.capability", value), ("SCHILY.xattr.user.ü", [0xfe])).File("ping"))).Single().Entry;

        entry.Xattrs.Should().HaveCount(2);
        entry.Xattrs[0].Name.Should().Equal("security.capability"u8.ToArray());
        entry.Xattrs[0].Value.Should().Equal(value);
        entry.Xattrs[1].Value.Should().Equal(0xfe);
    }

    [Fact]
    public void Attributes_that_libarchive_wrote_in_base64_are_read_too()
    {
        var entry = Read(TarBuilder.Layer(t => t.Pax(("LIBARCHIVE.xattr.user.a%20b", "/v8A"u8.ToArray())).File("f"))).Single().Entry;
        entry.Xattrs.Single().Name.Should().Equal("user.a b"u8.ToArray());
        entry.Xattrs.Single().Value.Should().Equal(0xfe, 0xff, 0x00);
    }

    [Fact]
    public void Global_headers_are_passed_over()
    {
        byte[] global = TarBuilder.PaxRecord("comment", "made by git"u8.ToArray());
        var entries = Read(TarBuilder.Layer(t => t.Entry('g', "pax_global_header"u8.ToArray(), global).File("a")));
        entries.Single().Entry.DisplayName.Should().Be("a");
    }

    [Fact]
    public void Names_that_are_no_UTF8_stay_as_they_are()
    {
        byte[] name = [0xe9, 0xff, (byte)'/', 0x80];
        Read(TarBuilder.Layer(t => t.Entry('0', name))).Single().Entry.Name.Should().Equal(name);
    }

    [Fact]
    public void Long_names_of_GNU_tar_are_read()
    {
        byte[] name = [.. Enumerable.Repeat((byte)'l', 1000)];
        byte[] link = [.. Enumerable.Repeat((byte)'k', 900)];
        var entry = Read(TarBuilder.Layer(t => t
            .Entry('L', "././@LongLink"u8.ToArray(), [.. name, 0], magic: "ustar  \0")
            .Entry('K', "././@LongLink"u8.ToArray(), [.. link, 0], magic: "ustar  \0")
            .Entry('2', name, link: link, magic: "ustar  \0"))).Single().Entry;
        entry.Name.Should().Equal(name);
        entry.LinkName.Should().Equal(link);
    }

    [Fact]
    public void Numbers_in_base_256_are_read()
    {
        byte[] header = new TarBuilder().File("big").Bytes()[..512];
        header.AsSpan(108, 8).Clear();
        header[108] = 0x80;
        header[112] = 0xee;
        header.AsSpan(136, 12).Fill(0xff); // -1
        var entry = Read([.. TarBuilder.WithChecksum(header), .. new byte[1024]]).Single().Entry;
        entry.Uid.Should().Be(0xee000000u);
        entry.ModifiedSeconds.Should().Be(-1);
    }

    [Fact]
    public void An_archive_may_end_without_the_two_blocks_of_zeros()
    {
        Read(new TarBuilder().File("a", "1").File("b", "2").Bytes()).Should().HaveCount(2);
    }

    [Fact]
    public void An_archive_that_is_cut_anywhere_else_is_an_error()
    {
        byte[] whole = new TarBuilder().Pax(("path", "long"u8.ToArray())).File("a", new string('x', 700)).Symlink("b", "c").Bytes();
        int endOfData = (3 * 512) + 700;
        for (int length = 1; length < whole.Length; length += 37)
        {
            byte[] cut = whole[..length];
            if (length >= endOfData && length <= whole.Length - 512)
                Read(cut).Should().HaveCount(1, "only padding is missing at {0}", length);
            else
                FluentActions.Invoking(() => Read(cut)).Should().Throw<LayerFormatException>("it is cut at {0}", length);
        }
    }

    [Fact]
    public void A_wrong_checksum_is_an_error()
    {
        byte[] archive = TarBuilder.Layer(t => t.File("a"));
        archive[0] ^= 1;
        FluentActions.Invoking(() => Read(archive)).Should().Throw<LayerFormatException>().WithMessage("*checksum*");
    }

    [Theory]
    [InlineData("30 path=a\n")]
    [InlineData("9 path=a")]
    [InlineData("-9 path=a\n")]
    [InlineData("99999999999999999999 path=a\n")]
    [InlineData("7 =abc\n")]
    [InlineData("path=a\n")]
    [InlineData("4 a\n")]
    public void Malformed_extended_headers_are_errors(string data)
    {
        byte[] archive = TarBuilder.Layer(t => t.Entry('x', "pax"u8.ToArray(), Encoding.ASCII.GetBytes(data)).File("a"));
        FluentActions.Invoking(() => Read(archive)).Should().Throw<LayerFormatException>();
    }

    [Fact]
    public void An_extended_header_of_a_gigabyte_is_refused_before_it_is_read()
    {
        byte[] archive = new TarBuilder().Entry('x', "pax"u8.ToArray(), size: 1 << 30).Bytes();
        FluentActions.Invoking(() => Read(archive)).Should().Throw<LayerFormatException>().WithMessage("*claims 1073741824 bytes*");
    }

    [Theory]
    [InlineData("4294967295")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    public void An_owner_that_chown_would_misread_is_refused(string uid)
    {
        byte[] archive = TarBuilder.Layer(t => t.Pax(("uid", Encoding.ASCII.GetBytes(uid))).File("a"));
        FluentActions.Invoking(() => Read(archive)).Should().Throw<LayerFormatException>().WithMessage("*uid*");
    }

    [Fact]
    public void No_bytes_at_all_are_an_archive_without_entries() => Read([]).Should().BeEmpty();

    [Fact]
    public void Whatever_bytes_come_there_is_an_answer_or_a_format_error()
    {
        byte[] whole = new TarBuilder().Pax(("path", "long"u8.ToArray()), ("SCHILY.xattr.user.a", [1, 2])).File("a", new string('x', 700)).Symlink("b", "c").End();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Bool).Array[1, 6].Sample(changes =>
        {
            byte[] archive = [.. whole];
            foreach (var (index, value, isFixed) in changes)
            {
                archive[index] = value;
                if (isFixed)
                    TarBuilder.WithChecksum(archive.AsSpan(index / 512 * 512, 512).ToArray()).CopyTo(archive, index / 512 * 512);
            }

            try
            {
                Read(archive);
            }
            catch (LayerFormatException)
            {
                // The one error that is allowed.
            }
        }, iter: 2000);
    }

    internal static List<(TarEntry Entry, byte[] Content)> Read(byte[] archive)
    {
        var reader = new TarReader(new MemoryStream(archive));
        var entries = new List<(TarEntry, byte[])>();
        while (reader.Next() is { } entry)
        {
            byte[] content = new byte[Math.Min(entry.Size, 1 << 24)]; // a damaged archive may promise more, all of it holes
            while (reader.TryReadChunk(out long offset, out var bytes))
            {
                (offset + bytes.Length).Should().BeInRange(0, entry.Size);
                if (offset + bytes.Length <= content.Length)
                    bytes.CopyTo(content.AsSpan((int)offset));
            }

            entries.Add((entry, content));
        }

        return entries;
    }
}
