using Orlop.Abstractions.Images;
using Orlop.PluginContracts;
using Orlop.Registry.Tests.Pull;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Crashes;

/// <summary>A host that is killed at any step of an image's life, and again while it takes up what that left.</summary>
public sealed class CutOffTests : PullTest
{
    private readonly Moments _moments = new();

    public override async Task DisposeAsync()
    {
        Records.Committing = null;
        await base.DisposeAsync();
        _moments.Dispose();
    }

    [Fact]
    public async Task An_image_is_whole_or_not_there_and_can_be_pulled_used_and_removed()
    {
        await LiveAsync();

        foreach (var (folder, records) in _moments.All)
        {
            Litter(folder);
            await using var plugin = await Plugin.StartAsync(folder, records);
            NothingIsHalf(folder);
            foreach (var image in plugin.Source.Images)
                plugin.Overlay.HasLayer(image.ChainId!).Should().BeTrue();

            await PullUseAndRemoveAsync(plugin);

            NothingIsLeft(folder, records);
        }
    }

    [Fact]
    public async Task An_image_that_is_there_after_a_crash_leaves_nothing_when_it_is_removed()
    {
        await LiveAsync();
        int found = 0;

        foreach (var (folder, records) in _moments.All)
        {
            await using var plugin = await Plugin.StartAsync(folder, records);
            if (plugin.Source.Images.Count == 0)
                continue;
            found++;

            await RemoveSnapshotsAsync(plugin);
            await plugin.Source.RemoveAsync(Name("app:1"), CancellationToken.None);

            NothingIsLeft(folder, records);
        }

        found.Should().BeGreaterThan(2);
    }

    [Fact]
    public async Task What_is_cut_off_again_while_it_is_taken_up_or_removed_is_taken_up_by_the_next_start()
    {
        await LiveAsync();
        using var second = new Moments();
        foreach (var (folder, records) in _moments.All)
        {
            Litter(folder);
            second.Watch(folder, records);
            await using var plugin = await Plugin.StartAsync(folder, records);
            second.Take(folder, records);
            await RemoveSnapshotsAsync(plugin);
            await plugin.Source.RemoveAsync(Name("app:1"), CancellationToken.None);
            records.Committing = null;
        }

        second.All.Count.Should().BeGreaterThan(_moments.All.Count);
        foreach (var (folder, records) in second.All)
        {
            await using var plugin = await Plugin.StartAsync(folder, records);
            NothingIsHalf(folder);
            await PullUseAndRemoveAsync(plugin);
            NothingIsLeft(folder, records);
        }
    }

    /// <summary>An image is pulled, used and removed; each step of that is kept.</summary>
    private async Task LiveAsync()
    {
        Registry.Add("app", "1", Image());
        _moments.Watch(Folder.Path, Records);
        await PullUseAndRemoveAsync(Plugin);
        _moments.Take(Folder.Path, Records);
        Records.Committing = null;
        _moments.All.Count.Should().BeGreaterThan(10);
    }

    private async Task PullUseAndRemoveAsync(Plugin plugin)
    {
        var image = await plugin.PullAsync(Name("app:1"));
        await RemoveSnapshotsAsync(plugin);
        var root = await plugin.Copy.PrepareAsync("first", null, readOnly: false, NoPhase.Instance, CancellationToken.None);
        root.Mounts.Should().ContainSingle();
        var snapshot = await plugin.Overlay.PrepareAsync("second", image.ChainId, readOnly: false, NoPhase.Instance, CancellationToken.None);
        Content(snapshot).Should().Equal(("two", "2"), ("one", "1"));
        await RemoveSnapshotsAsync(plugin);
        await plugin.Source.RemoveAsync(Name("app:1"), CancellationToken.None);
    }

    private static async Task RemoveSnapshotsAsync(Plugin plugin)
    {
        foreach (var snapshotter in (ISnapshotter[])[plugin.Overlay, plugin.Copy])
            foreach (string key in snapshotter.Keys)
                await snapshotter.RemoveAsync(key, CancellationToken.None);
    }

    /// <summary>The files of all layers, the top-most layer first.</summary>
    private static IEnumerable<(string Name, string Text)> Content(Snapshot snapshot) => snapshot.Mounts.Single().Options
        .Where(option => option.StartsWith("lowerdir+=", StringComparison.Ordinal))
        .SelectMany(option => Directory.GetFiles(option["lowerdir+=".Length..]))
        .Select(file => (Path.GetFileName(file), File.ReadAllText(file)));

    /// <summary>What lies around where files are made and removed between two commits.</summary>
    private static void Litter(string folder)
    {
        foreach (string snapshotter in (string[])["overlay", "copy"])
        {
            foreach (string place in (string[])["layers/1.new/fs", "layers/2.new", "layers/7/fs", "layers/9.new/fs", "snapshots/0123456789ab/upper", "snapshots/ab/fs", "trash/half"])
            {
                string stray = Path.Combine(folder, "root", snapshotter, place);
                Directory.CreateDirectory(stray);
                File.WriteAllText(Path.Combine(stray, "stray"), "of an interrupted operation");
            }
        }

        string content = Path.Combine(folder, "root/content");
        File.WriteAllText(Path.Combine(content, "partial", $"sha256-{new string('a', 64)}"), "half");
        File.WriteAllText(Path.Combine(content, "blobs/sha256", new string('b', 64)), "nobody's");
    }

    private static void NothingIsHalf(string folder)
    {
        foreach (string snapshotter in (string[])["overlay", "copy"])
        {
            Names(folder, $"{snapshotter}/layers").Should().NotContain(name => !name.All(char.IsAsciiDigit)).And.NotContain("7");
            Names(folder, $"{snapshotter}/trash").Should().BeEmpty();
            Names(folder, $"{snapshotter}/snapshots").Should().NotContain(["0123456789ab", "ab"]);
        }

        Names(folder, "content/partial").Should().NotContain(name => name.EndsWith('a'));
        Names(folder, "content/blobs/sha256").Should().NotContain(new string('b', 64));
    }

    private static void NothingIsLeft(string folder, MemoryRecordStore records)
    {
        foreach (string place in (string[])["overlay/layers", "overlay/snapshots", "overlay/trash", "copy/layers", "copy/snapshots", "copy/trash", "content/partial", "content/blobs/sha256"])
            Names(folder, place).Should().BeEmpty("nothing refers to anything in {0}; records: {1}", place, string.Join(", ", records.Keys));
        records.Keys.Should().BeEmpty();
    }

    private static IEnumerable<string> Names(string folder, string place) =>
        Directory.GetFileSystemEntries(Path.Combine(folder, "root", place)).Select(entry => Path.GetFileName(entry)!);
}
