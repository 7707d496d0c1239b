using System.Text;
using CsCheck;
using Orlop.Layers;
using Orlop.Linux.Syscalls;
using Orlop.Registry.Tests.Support;
using Orlop.Testing;
using Orlop.Snapshots.Extraction;

namespace Orlop.Registry.Tests.Snapshots;

public sealed class LayerExtractorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public LayerExtractorTests()
    {
        Directory.CreateDirectory(_folder["root"]);
        Directory.CreateDirectory(_folder["outside"]);
        File.WriteAllText(_folder["outside/secret"], "secret");
    }

    public void Dispose() => _folder.Dispose();

    [RootFact("tar")]
    public async Task A_tree_of_GNU_tar_comes_out_as_GNU_tar_would_unpack_it()
    {
        await Tool.ShellAsync(
            """
            mkdir -p tree/etc tree/usr/bin tree/tmp gnu; cd tree
            echo hello > etc/file; cp /bin/true usr/bin/setuid; chown 5:7 usr/bin/setuid; chmod 6755 usr/bin/setuid
            ln usr/bin/setuid usr/bin/hard; ln -s /etc/file etc/abs; ln -s ../../../../etc/passwd etc/far; chmod 1777 tmp; chown 9:9 tmp
            mkfifo fifo; mknod null c 1 3; mknod blk b 7 300; touch -d '2001-02-03 04:05:06.789' etc/file; touch -d '1969-12-31' old; touch -h -d '2002-02-02' etc/abs
            truncate -s 3M sparse; printf x | dd of=sparse bs=1 seek=2000000 conv=notrunc status=none
            setfattr -n user.test -v $'line\nbreak' etc/file 2>/dev/null || true
            python3 -c 'import os; os.setxattr("usr/bin/setuid", "security.capability", bytes([1,0,0,2,0,0x20,0,0,0,0,0,0,0,0,0,0,0,0,0,0])); open(b"\xff\xfe\x80", "w")'
            touch -d '2003-03-03' etc usr/bin usr tmp .
            cd ..; tar --format=pax --xattrs --xattrs-include='*' -S -cf layer.tar -C tree .
            tar --xattrs --xattrs-include='*' --numeric-owner -xpf layer.tar -C gnu
            """,
            _folder.Path);

        Extract(await File.ReadAllBytesAsync(_folder["layer.tar"]));

        const string list = """
            find . -mindepth 1 -print0 | sort -z | xargs -0 stat --printf='%n|%F|%a|%u:%g|%s|%h|%t:%T|%y|%N\n'
            find . -type f -print0 | sort -z | xargs -0 sha256sum; stat -c '%a %u:%g %y' .
            python3 -c '
            import os
            for b, d, f in sorted(os.walk(b".")):
                for n in sorted(d + f):
                    p = os.path.join(b, n)
                    for x in sorted(os.listxattr(p, follow_symlinks=False)): print(p, x, os.getxattr(p, x, follow_symlinks=False))'
            """;
        string expected = await Tool.ShellAsync(list, _folder["gnu"]);
        (await Tool.ShellAsync(list, _folder["root"])).Should().Be(expected);
        expected.Should().Contain("security.capability").And.Contain("6755");
        (await Tool.ShellAsync("stat -c %b sparse", _folder["root"])).Trim().Should().NotBe("6144", "holes stay holes");
    }

    [RootFact]
    public void Names_that_climb_out_are_refused()
    {
        foreach (string name in (string[])["../outside/new", "a/../../outside/new", "..", "/../outside/new"])
        {
            FluentActions.Invoking(() => Extract(TarBuilder.Layer(t => t.File(name, "x")))).Should().Throw<LayerFormatException>()
                .WithMessage($"entry \"{name}\"*leads out of the image*");
        }

        OutsideIsUntouched();
    }

    [RootFact]
    public void Absolute_names_are_names_below_the_root()
    {
        Extract(TarBuilder.Layer(t => t.File("/etc/absolute", "x").File("./a/./b/../c", "y")));
        File.ReadAllText(_folder["root/etc/absolute"]).Should().Be("x");
        File.ReadAllText(_folder["root/a/c"]).Should().Be("y");
    }

    [RootFact]
    public void Links_lead_nowhere_but_into_the_root()
    {
        string outside = _folder["outside"];
        Extract(TarBuilder.Layer(t => t
            .Folder("real/")
            .Symlink("absolute", "/real").File("absolute/one", "1")
            .Symlink("up", "../../../../real").File("up/two", "2")
            .Symlink("chain1", "chain2").Symlink("chain2", "/absolute").File("chain1/three", "3")));
        Directory.GetFiles(_folder["root/real"]).Select(Path.GetFileName).Should().BeEquivalentTo("one", "two", "three");

        Extract(TarBuilder.Layer(t => t.Symlink("escape", outside).File("escape/secret", "overwritten").Folder("x/y").Symlink("x/y/z", "../../../../../deep/er").File("x/y/z/file", "4").Symlink("alias", "x/y").File("alias/z/file2", "5")));
        File.ReadAllText(_folder["root"] + outside + "/secret").Should().Be("overwritten");
        File.ReadAllText(_folder["root/deep/er/file"]).Should().Be("4");
        File.ReadAllText(_folder["root/deep/er/file2"]).Should().Be("5");
        OutsideIsUntouched();

        FluentActions.Invoking(() => Extract(TarBuilder.Layer(t => t.Symlink("round", "about").Symlink("about", "round").File("round/x"))))
            .Should().Throw<LayerFormatException>().WithMessage("entry \"round/x\"*links lead in a circle");
    }

    [RootFact]
    public void An_entry_replaces_a_link_and_does_not_follow_it()
    {
        string target = _folder["outside/secret"];
        Extract(TarBuilder.Layer(t => t.Symlink("file", target).File("file", "mine", mode: 0x1ff).Symlink("dir", _folder["outside"]).Folder("dir", mode: 0x1c0)));
        File.ReadAllText(_folder["root/file"]).Should().Be("mine");
        new DirectoryInfo(_folder["root/dir"]).LinkTarget.Should().BeNull();
        OutsideIsUntouched();
    }

    [RootFact]
    public void Hard_links_to_the_outside_are_refused()
    {
        string outside = _folder["outside"];
        foreach (var (make, message) in new (Action<TarBuilder>, string)[]
        {
            (t => t.HardLink("hard", "../outside/secret"), "*leads out*"),
            (t => t.HardLink("hard", outside + "/secret"), "*not in the layer*"),
            (t => t.Symlink("link", outside).HardLink("hard", "link/secret"), "*not in the layer*"),
            (t => t.Folder("folder").HardLink("hard", "folder"), "*the folder*"),
            (t => t.HardLink("hard", ""), "*not in the layer*"),
        })
        {
            FluentActions.Invoking(() => Extract(TarBuilder.Layer(make))).Should().Throw<LayerFormatException>().WithMessage(message);
            Tool.ShellAsync("rm -rf root/*", _folder.Path).Wait();
        }

        OutsideIsUntouched();
    }

    [RootFact]
    public void A_hard_link_to_a_symbolic_link_links_the_link()
    {
        Extract(TarBuilder.Layer(t => t.Symlink("link", _folder["outside/secret"]).HardLink("hard", "link")));
        new FileInfo(_folder["root/hard"]).LinkTarget.Should().Be(_folder["outside/secret"]);
        FileSystem.Status(SafeFileDescriptor.CurrentDirectory, _folder["outside/secret"]).Links.Should().Be(1);
    }

    [RootFact]
    public void Files_and_folders_replace_each_other()
    {
        Extract(TarBuilder.Layer(t => t
            .Folder("a").File("a/b/c", "1").File("a", "file")
            .File("d", "file").Folder("d", mode: 0x1c0).File("d/e", "2")
            .File("f", "old").File("f", "new")
            .Folder("g").File("g/x").Symlink("g", "d")
            .File("a2/b/c").File("top").File("a2", "gone").Folder("a2").File("a2/b/c", "again")));
        File.ReadAllText(_folder["root/a"]).Should().Be("file");
        File.ReadAllText(_folder["root/d/e"]).Should().Be("2");
        File.ReadAllText(_folder["root/f"]).Should().Be("new");
        File.ReadAllText(_folder["root/g/e"]).Should().Be("2");
        File.ReadAllText(_folder["root/a2/b/c"]).Should().Be("again");
    }

    [RootFact]
    public void The_root_itself_cannot_be_replaced()
    {
        FluentActions.Invoking(() => Extract(TarBuilder.Layer(t => t.Symlink("./", "/etc")))).Should().Throw<LayerFormatException>();
        FluentActions.Invoking(() => Extract(TarBuilder.Layer(t => t.File("/", "x")))).Should().Throw<LayerFormatException>();
        Extract(TarBuilder.Layer(t => t.Folder("./", mode: 0x1c9, uid: 3)));
        var status = FileSystem.Status(SafeFileDescriptor.CurrentDirectory, _folder["root"]);
        (status.Mode & 0xfff, status.Uid).Should().Be((0x1c9, 3u));
    }

    [RootFact]
    public void A_layer_cannot_write_marks_of_overlayfs()
    {
        Extract(TarBuilder.Layer(t => t.Pax(("SCHILY.xattr.trusted.overlay.redirect", "/etc"u8.ToArray()), ("SCHILY.xattr.trusted.own", "1"u8.ToArray())).Folder("d")));
        using var folder = FileSystem.Open(_folder["root/d"], OpenFlags.Directory);
        ExtendedAttributes.List(folder).Select(Encoding.ASCII.GetString).Should().BeEquivalentTo("trusted.own");
    }

    [RootFact]
    public void A_folder_that_the_archive_does_not_name_looks_like_the_one_below()
    {
        Directory.CreateDirectory(_folder["lower/tmp/sub"]);
        Tool.ShellAsync("chmod 1777 lower/tmp; chown 4:5 lower/tmp/sub; chmod 2750 lower/tmp/sub", _folder.Path).Wait();
        Extract(TarBuilder.Layer(t => t.File("tmp/sub/new/file", "x")), WhiteoutMode.Overlay, _folder["lower"]);
        Status("root/tmp").Should().Be("1777 0:0");
        Status("root/tmp/sub").Should().Be("2750 4:5");
        Status("root/tmp/sub/new").Should().Be("755 0:0");
    }

    [RootFact]
    public void Whatever_archive_comes_nothing_changes_outside_of_the_root()
    {
        byte[] whole = new TarBuilder().Folder("d").Symlink("up", "../outside").Symlink("abs", _folder["outside"]).File("up/a", "x").File("d/b", "y")
            .HardLink("hard", "d/b").Symlink("d/c", "../..").File("d/c/e", "z").Pax(("path", "d/../f"u8.ToArray())).File("f").Folder("up/deep").HardLink("g", "abs/secret").End();
        byte[] interesting = [.. "./\0upabsd125x"u8, 0xff];
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.OneOf(Gen.OneOf(interesting), Gen.Byte)).Array[1, 8].Sample(changes =>
        {
            byte[] archive = [.. whole];
            foreach (var (index, value) in changes)
            {
                archive[index] = value;
                TarBuilder.WithChecksum(archive.AsSpan(index / 512 * 512, 512).ToArray()).CopyTo(archive, index / 512 * 512);
            }

            string own = Directory.CreateDirectory(_folder[$"root-{Guid.NewGuid():n}"]).FullName; // samples run beside each other
            try
            {
                ExtractInto(own, archive);
            }
            catch (Exception e) when (e is LayerFormatException or SyscallException)
            {
                // Refused.
            }

            OutsideIsUntouched();
        }, iter: 500);
    }

    private string Status(string name)
    {
        var status = FileSystem.Status(SafeFileDescriptor.CurrentDirectory, _folder[name]);
        return $"{Convert.ToString(status.Mode & 0xfff, 8)} {status.Uid}:{status.Gid}";
    }

    private void OutsideIsUntouched()
    {
        Directory.GetFileSystemEntries(_folder["outside"]).Should().ContainSingle();
        File.ReadAllText(_folder["outside/secret"]).Should().Be("secret");
        FileSystem.Status(SafeFileDescriptor.CurrentDirectory, _folder["outside/secret"]).Links.Should().Be(1);
    }

    private void Extract(byte[] archive, WhiteoutMode whiteouts = WhiteoutMode.Ignore, params string[] lower) => ExtractInto(_folder["root"], archive, whiteouts, lower);

    private static void ExtractInto(string place, byte[] archive, WhiteoutMode whiteouts = WhiteoutMode.Ignore, params string[] lower)
    {
        const OpenFlags folder = OpenFlags.Path | OpenFlags.Directory;
        using var root = new LayerRoot(FileSystem.Open(place, folder), [.. lower.Select(l => FileSystem.Open(l, folder))]);
        new LayerExtractor(root, whiteouts).Extract(new MemoryStream(archive), CancellationToken.None);
    }
}
