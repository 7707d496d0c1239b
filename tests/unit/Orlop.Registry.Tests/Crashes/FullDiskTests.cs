using System.Globalization;
using System.Security.Cryptography;
using Orlop.Abstractions.Errors;
using Orlop.PluginContracts;
using Orlop.Registry.Tests.Pull;
using Orlop.Registry.Tests.Support;
using Orlop.Testing;

namespace Orlop.Registry.Tests.Crashes;

/// <summary>A disk, or the disk of the records, that is full at any write of a pull: it fails and says so, and nothing stays.</summary>
public sealed class FullDiskTests : PullTest
{
    // Some blocks in each layer, compressed or not.
    private readonly TestImage _image = TestImage.Of(
        [.. Enumerable.Range(1, 2).Select(n => TarBuilder.Layer(t => t.Folder("d").Entry('0', System.Text.Encoding.UTF8.GetBytes($"d/{n}"), RandomNumberGenerator.GetBytes(10_000))))]);

    [RootFact]
    public Task A_pull_that_runs_out_of_inodes_anywhere_leaves_the_disk_as_it_was() => FillAsync((disk, left) => disk.LeaveInodes(left), most: 40);

    [RootFact]
    public Task A_pull_that_runs_out_of_blocks_anywhere_leaves_the_disk_as_it_was() => FillAsync((disk, left) => disk.LeaveBlocks(left), most: 60);

    [Fact]
    public async Task A_pull_whose_records_cannot_be_written_leaves_nothing_but_what_is_on_record()
    {
        Registry.Add("app", "1", _image);
        for (int written = 0, failures = 1; failures > 0; written++)
        {
            failures = 0;
            int commits = 0;
            Records.Committing = changes =>
            {
                if (changes.Changes.All(change => change.Value is null) || commits++ < written)
                    return; // what frees the disk can be recorded
                failures++;
                throw new RuntimeException(ErrorKind.ResourceExhausted, "the disk of the records is full");
            };
            var pull = () => Plugin.PullAsync(Name("app:1"));

            if (failures > 0 || written < 5)
                (await pull.Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.ResourceExhausted);
            else
                await pull();

            string[] onRecord = [.. Records.Keys.Where(key => key.StartsWith("snapshotter/overlay/layer/", StringComparison.Ordinal))];
            Directory.GetDirectories(Folder["root/overlay/layers"]).Should().HaveCount(onRecord.Length, "{0} commits were written", written);
            if (failures > 0)
            {
                onRecord.Should().BeEmpty();
                Directory.GetFiles(Folder["root/content"], "*", SearchOption.AllDirectories).Should().BeEmpty();
                Records.Keys.Should().BeEmpty();
            }
        }

        Plugin.Source.Images.Should().ContainSingle();
    }

    [Fact]
    public async Task A_pull_whose_end_cannot_be_recorded_is_no_failure()
    {
        Registry.Add("app", "1", _image);
        Records.Committing = changes =>
        {
            if (changes.Changes.All(change => change.Value is null))
                throw new RuntimeException(ErrorKind.ResourceExhausted, "the disk of the records is full");
        };

        await Plugin.PullAsync(Name("app:1"));

        Records.Committing = null;
        await Plugin.Source.RemoveAsync(Name("app:1"), CancellationToken.None);
        (await Plugin.Content.ListAsync(CancellationToken.None)).Should().BeEmpty();
        Plugin.Overlay.Layers.Should().BeEmpty();
    }

    [Fact]
    public async Task Unused_content_that_cannot_be_collected_keeps_nobody_from_the_images()
    {
        Registry.Add("app", "1", _image);
        await Plugin.PullAsync(Name("app:1"));
        await using (var layer = await Plugin.Overlay.BeginLayerAsync(TestImage.DigestOf("stray"u8.ToArray()), null, CancellationToken.None))
            await layer.CommitAsync(CancellationToken.None);
        await File.WriteAllTextAsync(Folder["root/content/blobs/sha256/lost"], "no digest's");
        Records.Committing = _ => throw new RuntimeException(ErrorKind.ResourceExhausted, "the disk of the records is full");

        await RestartAsync();

        Plugin.Source.Images.Should().ContainSingle();
        Log.Text.Should().Contain("collection of unused content failed");
        Records.Committing = null;
        await RestartAsync();
        Plugin.Overlay.Layers.Should().HaveCount(2);
    }

    [Fact]
    public async Task No_layer_is_unpacked_on_top_of_a_leftover_that_cannot_be_removed()
    {
        await Plugin.DisposeAsync();
        string stray = Folder["root/overlay/layers/1.new/fs"];
        Directory.CreateDirectory(stray);
        await File.WriteAllTextAsync(Path.Combine(stray, "stray"), "of another layer");
        Directory.Delete(Folder["root/overlay/trash"]);
        string elsewhere = Directory.CreateDirectory($"/dev/shm/orlop-{Guid.NewGuid():n}").FullName;
        File.CreateSymbolicLink(Folder["root/overlay/trash"], elsewhere); // no rename leads to another file system
        try
        {
            await RestartAsync();
            Log.Text.Should().Contain("cannot remove");
            Registry.Add("app", "1", _image);

            var image = await Plugin.PullAsync(Name("app:1"));

            var snapshot = await Plugin.Overlay.PrepareAsync("k", image.ChainId, readOnly: false, NoPhase.Instance, CancellationToken.None);
            snapshot.Mounts[0].Options.Where(option => option.StartsWith("lowerdir+=", StringComparison.Ordinal))
                .SelectMany(option => Directory.GetFileSystemEntries(option["lowerdir+=".Length..])).Select(Path.GetFileName).Should().Equal("d", "d");
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    private async Task FillAsync(Action<TinyDisk, int> fill, int most)
    {
        Registry.Add("app", "1", _image);
        int failures = 0, successes = 0;
        for (int left = 0; left <= most; left++)
        {
            using var disk = new TinyDisk();
            Directory.CreateDirectory(Path.Combine(disk.Path, "hosts", Registry.Host));
            File.Copy(Path.Combine(Folder["hosts"], Registry.Host, "hosts.toml"), Path.Combine(disk.Path, "hosts", Registry.Host, "hosts.toml"));
            await using var plugin = await Plugin.StartAsync(disk.Path, new MemoryRecordStore());
            var empty = disk.Used;
            fill(disk, left);
            var full = disk.Used;

            try
            {
                await plugin.PullAsync(Name("app:1"));
                successes++;
            }
            catch (RuntimeException e)
            {
                e.Kind.Should().Be(ErrorKind.ResourceExhausted, "{0} were left: {1}", left.ToString(CultureInfo.InvariantCulture), e.Message);
                failures++;
                await UsesAsync(disk, full, $"{left} were left: {e.Message}");
                plugin.Source.Images.Should().BeEmpty();
            }

            disk.Free();
            await plugin.PullAsync(Name("app:1"));
            await plugin.Source.RemoveAsync(Name("app:1"), CancellationToken.None);
            await UsesAsync(disk, empty, $"{left} were left, then all");
        }

        failures.Should().BeGreaterThan(5);
        successes.Should().BeGreaterThan(5);
    }

    /// <summary>A program that another test starts holds our deleted files open until it is executed.</summary>
    private static Task UsesAsync(TinyDisk disk, (ulong Blocks, ulong Inodes) used, string when) => Eventually.PassesAsync(() => disk.Used.Should().Be(used, "{0}", when));
}
