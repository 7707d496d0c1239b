using System.Diagnostics;
using Orlop.Abstractions.Images;
using Orlop.PluginContracts;

namespace Vendor.Plugin.Tests;

/// <summary>Against the kernel, so as root, in a folder on a file system that overlayfs can write to: <c>TMPDIR</c> names another.</summary>
public sealed class LayerSnapshotterTests : SnapshotterContract, IAsyncLifetime
{
    private readonly PluginScope _scope = new(() => new PluginEntry()) { Settings = { ["folder"] = "" } };

    [Fact]
    public async Task A_root_file_system_has_what_its_layers_leave_of_each_other()
    {
        var snapshotter = await CreateAsync();
        await AddAsync(snapshotter, "sha256:a", null, new TestTar().Folder("d").File("d/gone", "").File("d/kept", "").Folder("old").File("old/x", "").Folder("again").File("again/x", ""));
        await AddAsync(snapshotter, "sha256:b", "sha256:a", new TestTar().File("d/.wh.gone", "").Folder("old").File("old/.wh..wh..opq", "").File("old/y", "").File(".wh.again", "").Folder("again").File("again/y", ""));

        var writable = await snapshotter.PrepareAsync("writable", "sha256:b", readOnly: false, NoPhase.Instance, CancellationToken.None);
        var readOnly = await snapshotter.PrepareAsync("read-only", "sha256:b", readOnly: true, NoPhase.Instance, CancellationToken.None);

        string[] expected = ["again", "again/y", "d", "d/kept", "old", "old/y"];
        (await FilesOfAsync(writable, "touch new")).Should().Equal([.. expected[..4], "new", .. expected[4..]]);
        (await FilesOfAsync(readOnly, "! touch new")).Should().Equal(expected);
    }

    [Fact]
    public async Task What_a_crash_left_is_removed_at_the_next_start()
    {
        var snapshotter = await CreateAsync();
        await snapshotter.BeginLayerAsync("sha256:a", null, CancellationToken.None); // and never disposed

        snapshotter = await CreateAsync(restart: true);

        Directory.GetFileSystemEntries(snapshotter.Folder).Should().BeEmpty();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _scope.DisposeAsync();

    protected override async Task<ISnapshotter> CreateAsync(bool restart = false)
    {
        await _scope.StartAsync();
        return _scope.Resolve<ISnapshotter>();
    }

    private static async Task AddAsync(ISnapshotter snapshotter, string chainId, string? parent, TestTar content)
    {
        await using var layer = await snapshotter.BeginLayerAsync(chainId, parent, CancellationToken.None);
        await layer.ApplyAsync(content.ToStream(), CancellationToken.None);
        await layer.CommitAsync(CancellationToken.None);
    }

    /// <summary>Mounts a snapshot as the backend does, runs a command in it, and gives the names in it.</summary>
    private async Task<string[]> FilesOfAsync(Snapshot snapshot, string command)
    {
        var mount = snapshot.Mounts.Single();
        string target = Directory.CreateDirectory(Path.Join(_scope.Folder, "mnt")).FullName;

        // mount(8) takes the lower folders as one option, older versions only so.
        string lower = string.Join(':', mount.Options.Where(option => option.StartsWith("lowerdir+=", StringComparison.Ordinal)).Select(option => option["lowerdir+=".Length..]));
        string options = string.Join(',', mount.Options.Where(option => !option.StartsWith("lowerdir+=", StringComparison.Ordinal)).Append($"lowerdir={lower}"));
        string script = $"mount -t {mount.Type} -o '{options}' {mount.Source} {target}; trap 'cd /; umount {target}' EXIT; cd {target}; {command}; find . -mindepth 1 -printf '%P\\n' | LC_ALL=C sort";
        using var process = Process.Start(new ProcessStartInfo("unshare", ["--mount", "bash", "-euc", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, "{0} (these tests need root)", error.Trim());
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
