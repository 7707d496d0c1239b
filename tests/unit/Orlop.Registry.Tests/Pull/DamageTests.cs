using Orlop.Abstractions.Records;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Pull;

/// <summary>Content and records that were lost or damaged on disk.</summary>
public sealed class DamageTests : PullTest
{
    [Fact]
    public async Task An_image_that_lost_a_blob_and_its_layer_is_pulled_again_in_part()
    {
        var image = Image();
        Registry.Add("app", "1", image);
        var pulled = await Plugin.PullAsync(Name("app:1"));
        await Plugin.DisposeAsync();
        string lost = image.LayerBlobs[1];
        File.Delete(Path.Combine(Folder["root/content/blobs/sha256"], lost["sha256:".Length..]));
        string layers = Folder["root/overlay/layers"];
        Directory.Delete(Directory.GetDirectories(layers).Single(l => File.Exists(Path.Combine(l, "fs/two"))), recursive: true);

        await RestartAsync();

        Plugin.Source.Images.Should().BeEmpty("the image is not whole");
        Plugin.Overlay.HasLayer(pulled.ChainId!).Should().BeFalse();
        Registry.Requests.Clear();
        (await Plugin.PullAsync(Name("app:1"))).Id.Should().Be(pulled.Id);
        Registry.Requests.Where(r => r.Contains("/blobs/", StringComparison.Ordinal)).Should().Equal($"GET /v2/app/blobs/{lost}");
        Plugin.Overlay.HasLayer(pulled.ChainId!).Should().BeTrue();
    }

    [Fact]
    public async Task A_blob_that_was_damaged_on_disk_is_fetched_again()
    {
        var image = Image();
        Registry.Add("app", "1", image);
        var pulled = await Plugin.PullAsync(Name("app:1"));
        foreach (string digest in (string[])[image.LayerBlobs[0], image.LayerBlobs[1], image.Id])
        {
            string file = Path.Combine(Folder["root/content/blobs/sha256"], digest["sha256:".Length..]);
            byte[] bytes = await File.ReadAllBytesAsync(file);
            bytes[bytes.Length / 2] ^= 0x10;
            await File.WriteAllBytesAsync(file, bytes);
        }

        (await Plugin.PullAsync(Name("app:1"), snapshotter: Plugin.Copy)).Id.Should().Be(pulled.Id);

        Plugin.Copy.HasLayer(pulled.ChainId!).Should().BeTrue();
    }

    [Fact]
    public async Task A_configuration_that_was_damaged_on_disk_costs_its_image_until_the_next_pull()
    {
        var image = Image();
        Registry.Add("app", "1", image);
        var pulled = await Plugin.PullAsync(Name("app:1"));
        await File.WriteAllTextAsync(Path.Combine(Folder["root/content/blobs/sha256"], image.Id["sha256:".Length..]), "{}");
        await RestartAsync();
        Plugin.Source.Images.Should().BeEmpty();
        Plugin.Overlay.HasLayer(pulled.ChainId!).Should().BeTrue("the layers are as good as before");

        Registry.Requests.Clear();
        (await Plugin.PullAsync(Name("app:1"))).RepoTags.Should().Equal(Name("app:1"));
        Registry.Requests.Where(r => r.Contains("/blobs/", StringComparison.Ordinal)).Should().Equal($"GET /v2/app/blobs/{image.Id}");
    }

    [Fact]
    public async Task A_record_that_is_unreadable_costs_one_image()
    {
        Registry.Add("app", "1", Image());
        await Plugin.PullAsync(Name("app:1"));
        await Records.CommitAsync(new RecordChanges().Put("image/sha256:bad", "{torn"u8.ToArray()), Durability.Process, CancellationToken.None);
        await RestartAsync();
        Plugin.Source.Images.Should().ContainSingle();
    }
}
