using Orlop.Layers.Tar;
using Orlop.Registry.Tests.Support;
using Orlop.Testing;

namespace Orlop.Registry.Tests.Layers;

/// <summary>Against archives that other tools make.</summary>
public sealed class TarToolTests
{
    [RootFact("tar", "python3")]
    public async Task Every_format_of_GNU_tar_gives_the_same_entries()
    {
        using var folder = new TempFolder();
        await Tool.ShellAsync(
            """
            mkdir -p tree/deep; cd tree
            n=$(printf 'x%.0s' $(seq 90)); mkdir -p deep/$n; echo hello > deep/$n/$n
            ln -s ../deep/$n deep/link; ln deep/$n/$n hard; mkfifo fifo; mknod dev c 1 3
            python3 -c 'open(b"\xff\xe9name","w").write("latin")'
            chmod 4755 hard; chown 1000:1001 fifo
            truncate -s 1M sparse; printf data | dd of=sparse bs=1 seek=500000 conv=notrunc status=none; printf end | dd of=sparse bs=1 seek=1048573 conv=notrunc status=none
            for f in gnu oldgnu pax; do tar --format=$f -S --sort=name -cf ../$f.tar .; done
            for v in 0.0 0.1 1.0; do tar --format=pax --sparse-version=$v -S --sort=name -cf ../pax-$v.tar .; done
            """,
            folder.Path);

        var expected = Describe(await File.ReadAllBytesAsync(folder["gnu.tar"]));
        expected.Should().Contain(e => e.StartsWith("File ./sparse 1048576", StringComparison.Ordinal)).And.HaveCount(10);
        foreach (string other in (string[])["oldgnu.tar", "pax.tar", "pax-0.0.tar", "pax-0.1.tar", "pax-1.0.tar"])
            Describe(await File.ReadAllBytesAsync(folder[other])).Should().Equal(expected, other);
        TarReaderTests.Read(await File.ReadAllBytesAsync(folder["gnu.tar"])).Single(e => e.Entry.DisplayName == "./sparse").Entry.Segments.Should().HaveCountGreaterThan(1);
    }

    [RootFact("python3")]
    public async Task Archives_of_Python_are_read()
    {
        using var folder = new TempFolder();
        await Tool.ShellAsync(
            """
            python3 - <<'E'
            import tarfile, io
            for f, n in ((tarfile.USTAR_FORMAT, "ustar"), (tarfile.GNU_FORMAT, "gnu"), (tarfile.PAX_FORMAT, "pax")):
                t = tarfile.open(n + ".tar", "w", format=f)
                i = tarfile.TarInfo("a" * 90 + "/" + "b" * 60); i.size = 5; i.mtime = 1234567890; i.uid = 77; i.mode = 0o4711
                t.addfile(i, io.BytesIO(b"12345"))
                i = tarfile.TarInfo("dir"); i.type = tarfile.DIRTYPE; i.mode = 0o1777; t.addfile(i)
                i = tarfile.TarInfo("blk"); i.type = tarfile.BLKTYPE; i.devmajor = 8; i.devminor = 300; t.addfile(i)
                t.close()
            E
            """,
            folder.Path);
        foreach (string name in (string[])["ustar", "gnu", "pax"])
        {
            var entries = TarReaderTests.Read(await File.ReadAllBytesAsync(folder[name + ".tar"]));
            entries.Should().HaveCount(3, name);
            entries[0].Entry.DisplayName.Should().Be(new string('a', 90) + "/" + new string('b', 60));
            entries[0].Entry.Should().BeEquivalentTo(new { Mode = 0x9c9u, Uid = 77u, Size = 5L, ModifiedSeconds = 1234567890L });
            entries[0].Content.Should().Equal("12345"u8.ToArray());
            entries[1].Entry.Should().BeEquivalentTo(new { Type = TarEntryType.Directory, Mode = 0x3ffu });
            entries[2].Entry.Should().BeEquivalentTo(new { Type = TarEntryType.BlockDevice, DeviceMajor = 8u, DeviceMinor = 300u });
        }
    }

    private static List<string> Describe(byte[] archive) =>
    [
        .. TarReaderTests.Read(archive).Select(e =>
            $"{e.Entry.Type} {Convert.ToHexString(e.Entry.Name) switch { var h when e.Entry.DisplayName.Contains('\ufffd', StringComparison.Ordinal) => h, _ => e.Entry.DisplayName }} {e.Entry.Size} "
            + $"{Convert.ToHexString(e.Entry.LinkName)} {e.Entry.Mode} {e.Entry.Uid}:{e.Entry.Gid} {e.Entry.DeviceMajor}:{e.Entry.DeviceMinor} {e.Entry.ModifiedSeconds} "
            + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(e.Content))),
    ];
}
