using Orlop.Abstractions.Images;
using Orlop.PluginContracts;
using Orlop.Registry.Tests.Support;
using Orlop.Testing;

namespace Orlop.Registry.Tests.Snapshots;

/// <summary>The kernel's view of unpacked layers, and the copy snapshotter's, against what the layers say.</summary>
public sealed class OverlayMountTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryRecordStore _records = new();
    private Plugin _plugin = null!;

    public async Task InitializeAsync() => _plugin = await Plugin.StartAsync(_folder.Path, _records);

    public async Task DisposeAsync() => await _plugin.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string[]> Stacks => new()
    {
        { "whiteouts hide files and folders", ["d/", "d/gone", "d/kept", "folder/", "folder/x", "|", "d/", "d/.wh.gone", ".wh.folder", "|", "d/new"] },
        { "a whiteout in a folder that the archive does not name", ["a/b/c/gone", "a/b/c/kept", "|", "a/b/c/.wh.gone"] },
        { "an opaque folder hides all below it and nothing beside it", ["d/", "d/old", "d/sub/", "d/sub/old", "|", "d/", "d/.wh..wh..opq", "d/new"] },
        { "the mark of an opaque folder may come last", ["d/", "d/old", "|", "d/", "d/new", "d/sub/", "d/sub/new", "d/.wh..wh..opq"] },
        { "a whiteout does not hide what its own layer brings", ["f", "d/", "d/old", "|", ".wh.f", "f", ".wh.d", "d/", "d/new"] },
        { "nor when it comes behind", ["f", "d/", "d/old", "|", "f", ".wh.f", "d/", "d/new", ".wh.d"] },
        { "a file replaces a folder and a folder a file", ["a/", "a/old", "b", "|", "a", "b/", "b/new"] },
        { "a folder again where an upper layer hid one", ["d/", "d/old", "|", ".wh.d", "|", "d/", "d/newer"] },
        { "a folder that is only implied where one was hidden", ["d/", "d/old", "|", ".wh.d", "d/new"] },
        { "whiteouts of what is not there, and in the lowest layer", [".wh.none", "a/.wh..wh..opq", "a/b", "|", ".wh.neither", "c"] },
        { "files of aufs", ["a", ".wh..wh.aufs", ".wh..wh.plnk/", "|", ".wh..wh.orph/", "b"] },
    };

    [RootTheory]
    [MemberData(nameof(Stacks))]
    public async Task Layers_are_what_the_specification_says(string name, string[] layers)
    {
        string[] expected = Expected(layers);
        string top = await UnpackAsync(_plugin.Overlay, layers);
        await UnpackAsync(_plugin.Copy, layers);

        var overlay = await _plugin.Overlay.PrepareAsync("k", top, readOnly: false, NoPhase.Instance, CancellationToken.None);
        (await TreeOfAsync(overlay.Mounts.Single())).Should().Equal(expected, "overlay: {0}", name);
        var copy = await _plugin.Copy.PrepareAsync("k", top, readOnly: false, NoPhase.Instance, CancellationToken.None);
        (await TreeOfAsync(copy.Mounts.Single())).Should().Equal(expected, "copy: {0}", name);
        var readOnly = await _plugin.Overlay.PrepareAsync("r", top, readOnly: true, NoPhase.Instance, CancellationToken.None);
        (await TreeOfAsync(readOnly.Mounts.Single())).Should().Equal(expected, "read-only overlay: {0}", name);
    }

    [RootFact]
    public async Task The_root_has_the_owner_and_mode_that_the_image_gives_it()
    {
        await AddAsync(_plugin.Overlay, "sha256:a", null, TarBuilder.Layer(t => t.Folder("./", mode: 0x1c9, uid: 5, gid: 6).File("a")));
        await AddAsync(_plugin.Overlay, "sha256:b", "sha256:a", TarBuilder.Layer(t => t.File("b")));
        var snapshot = await _plugin.Overlay.PrepareAsync("k", "sha256:b", readOnly: false, NoPhase.Instance, CancellationToken.None);
        (await InMountAsync(snapshot.Mounts.Single(), "stat -c '%a %u:%g' .")).Trim().Should().Be("711 5:6");
    }

    [RootFact]
    public async Task A_snapshot_is_written_to_and_counted_and_the_layers_are_not()
    {
        await AddAsync(_plugin.Overlay, "sha256:a", null, TarBuilder.Layer(t => t.File("a")));
        var snapshot = await _plugin.Overlay.PrepareAsync("k", "sha256:a", readOnly: false, NoPhase.Instance, CancellationToken.None);
        _plugin.Overlay.UsageOf("k").Should().BeEquivalentTo(new { Inodes = 1L });
        long before = _plugin.Overlay.Usage.UsedBytes;

        await InMountAsync(snapshot.Mounts.Single(), "head -c 1M /dev/zero > big; echo changed > a; rm -f none");
        await ((Orlop.Snapshots.DirectorySnapshotter)_plugin.Overlay).CountUsageAsync(CancellationToken.None);

        _plugin.Overlay.UsageOf("k")!.UsedBytes.Should().BeInRange(1 << 20, (1 << 20) + 65536);
        _plugin.Overlay.UsageOf("k")!.Inodes.Should().Be(3);
        _plugin.Overlay.Usage.UsedBytes.Should().BeGreaterThan(before + (1 << 20) - 1);
        Directory.GetFiles(_folder["root/overlay/layers"], "big", SearchOption.AllDirectories).Should().BeEmpty();
        await using var restarted = await RestartAsync();
        restarted.Overlay.Keys.Should().Equal("k");
    }

    [RootFact]
    public async Task A_copy_keeps_links_holes_times_and_attributes()
    {
        byte[] capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        await AddAsync(_plugin.Copy, "sha256:a", null, TarBuilder.Layer(t => t
            .Pax(("SCHILY.xattr.security.capability", capability)).File("ping", "x", mode: 0x9ed, uid: 3)
            .HardLink("ping2", "ping").Symlink("link", "/ping").Entry('6', "fifo"u8.ToArray()).Entry('3', "null"u8.ToArray(), major: 1, minor: 3)
            .Pax(("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.minor", "0"u8.ToArray()), ("GNU.sparse.realsize", "5000000"u8.ToArray()), ("GNU.sparse.name", "sparse"u8.ToArray()))
            .Entry('0', "s"u8.ToArray(), [.. "1\n4096000\n4\n"u8.ToArray(), .. new byte[512 - 12], .. "data"u8.ToArray()])));
        var snapshot = await _plugin.Copy.PrepareAsync("k", "sha256:a", readOnly: false, NoPhase.Instance, CancellationToken.None);
        const string list = """
            find . -mindepth 1 | sort | xargs stat --printf='%n|%F|%a|%u:%g|%s|%h|%t:%T|%y|%N\n'; sha256sum ping sparse
            python3 -c 'import os; print(os.getxattr("ping", "security.capability"))'; [ ping -ef ping2 ] && echo same; [ $(stat -c %b sparse) -lt 100 ] && echo holes
            """;
        string layer = Path.Combine(Directory.GetDirectories(_folder["root/copy/layers"]).Single(), "fs");
        string copied = await InMountAsync(snapshot.Mounts.Single(), list);
        copied.Should().Be(await Tool.ShellAsync(list, layer)).And.Contain("same\n").And.Contain("holes\n");
    }

    [RootFact]
    public async Task A_folder_nested_deeper_than_any_stack_is_removed()
    {
        await AddAsync(_plugin.Overlay, "sha256:a", null, TarBuilder.Layer(t => t.File("a")));
        await _plugin.Overlay.PrepareAsync("k", "sha256:a", readOnly: false, NoPhase.Instance, CancellationToken.None);
        string upper = Directory.GetDirectories(_folder["root/overlay/snapshots"]).Single() + "/upper";
        await Tool.ShellAsync("python3 -c '\nimport os\nfor i in range(3000):\n    os.mkdir(\"deep\"); os.chdir(\"deep\")'", upper);

        await _plugin.Overlay.RemoveAsync("k", CancellationToken.None);

        Directory.GetDirectories(_folder["root/overlay/snapshots"]).Should().BeEmpty();
        Directory.GetDirectories(_folder["root/overlay/trash"]).Should().BeEmpty();
    }

    [RootFact]
    public async Task What_a_crash_left_is_removed_at_the_next_start()
    {
        Directory.CreateDirectory(_folder["root/overlay/layers/7.new/fs/etc"]);
        Directory.CreateDirectory(_folder["root/overlay/layers/8/fs/etc"]);
        Directory.CreateDirectory(_folder["root/overlay/snapshots/abc/upper"]);
        Directory.CreateDirectory(_folder["root/overlay/trash/x/y"]);
        await using var restarted = await RestartAsync();
        foreach (string name in (string[])["layers", "snapshots", "trash"])
            Directory.GetFileSystemEntries(_folder["root/overlay/" + name]).Should().BeEmpty(name);
    }

    private async Task<Plugin> RestartAsync()
    {
        await _plugin.DisposeAsync();
        return await Plugin.StartAsync(_folder.Path, _records);
    }

    // "|" starts a new layer, a slash at the end makes a folder.
    private static async Task<string> UnpackAsync(ISnapshotter snapshotter, string[] layers)
    {
        string? parent = null;
        foreach (var (index, names) in SplitLayers(layers).Index())
        {
            byte[] archive = TarBuilder.Layer(t =>
            {
                foreach (string name in names)
                    _ = name.EndsWith('/') ? t.Folder(name) : t.File(name, name);
            });
            await AddAsync(snapshotter, $"sha256:{index}", parent, archive);
            parent = $"sha256:{index}";
        }

        return parent!;
    }

    // The specification in a few lines: a whiteout removes what the layers below have, before its own layer's files come.
    private static string[] Expected(string[] layers)
    {
        var tree = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var names in SplitLayers(layers))
        {
            foreach (string name in names.Where(n => n.Contains(".wh.", StringComparison.Ordinal)))
            {
                string folder = name.Contains('/', StringComparison.Ordinal) ? name[..(name.TrimEnd('/').LastIndexOf('/') + 1)] : "";
                string last = name[folder.Length..];
                if (last == ".wh..wh..opq")
                    tree.RemoveWhere(n => n.StartsWith(folder, StringComparison.Ordinal) && n != folder.TrimEnd('/'));
                else if (!last.StartsWith(".wh..wh.", StringComparison.Ordinal))
                    tree.RemoveWhere(n => n == folder + last[4..] || n.StartsWith(folder + last[4..] + "/", StringComparison.Ordinal));
            }

            foreach (string name in names)
            {
                string path = name.TrimEnd('/');
                string last = path[(path.LastIndexOf('/') + 1)..];
                for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
                    tree.Add(path[..slash]);
                if (last.StartsWith(".wh.", StringComparison.Ordinal))
                    continue;
                if (!name.EndsWith('/'))
                    tree.RemoveWhere(n => n.StartsWith(path + "/", StringComparison.Ordinal));
                tree.Add(path);
            }
        }

        return [.. tree];
    }

    private static List<List<string>> SplitLayers(string[] layers)
    {
        var split = new List<List<string>> { new() };
        foreach (string name in layers)
        {
            if (name == "|")
                split.Add([]);
            else
                split[^1].Add(name);
        }

        return split;
    }

    private static async Task AddAsync(ISnapshotter snapshotter, string chainId, string? parent, byte[] archive)
    {
        await using var layer = await snapshotter.BeginLayerAsync(chainId, parent, CancellationToken.None);
        await layer.ApplyAsync(new MemoryStream(archive), CancellationToken.None);
        await layer.CommitAsync(CancellationToken.None);
    }

    private async Task<string[]> TreeOfAsync(RootfsMount mount) =>
        [.. (await InMountAsync(mount, "find . -mindepth 1 -printf '%P\\n'")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    // In a mount namespace of its own. mount(8) of older util-linux knows no lowerdir+.
    private Task<string> InMountAsync(RootfsMount mount, string script)
    {
        string lower = string.Join(':', mount.Options.Where(o => o.StartsWith("lowerdir+=", StringComparison.Ordinal)).Select(o => o["lowerdir+=".Length..]));
        string options = string.Join(',', mount.Options.Where(o => !o.StartsWith("lowerdir+=", StringComparison.Ordinal)).Append(lower.Length > 0 ? $"lowerdir={lower}" : "rw"));
        string command = mount.Type == "bind" ? $"mount --bind '{mount.Source}' mnt" : $"mount -t {mount.Type} -o '{options}' {mount.Source} mnt";
        Directory.CreateDirectory(_folder["mnt"]);
        File.WriteAllText(_folder["inside.sh"], $"set -eu\n{command}\ncd mnt\n{script}\n");
        return Tool.ShellAsync("unshare -m bash inside.sh", _folder.Path);
    }
}
