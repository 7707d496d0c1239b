using Orlop.PluginContracts;
using Orlop.Registry.Store;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Pull;

/// <summary>What is removed with an image, and what stays.</summary>
public sealed class CollectionTests : PullTest
{
    [Fact]
    public async Task What_nobody_refers_to_is_collected_with_the_image()
    {
        byte[] shared = TarBuilder.Layer(t => t.File("shared", "s"));
        var a = TestImage.Make([shared, TarBuilder.Layer(t => t.File("a", "a"))], label: "a");
        var b = TestImage.Make([shared, TarBuilder.Layer(t => t.File("b", "b"))], label: "b");
        Registry.Add("a", "1", a).Add("b", "1", b);
        await Plugin.PullAsync(Name("a:1"));
        await Plugin.PullAsync(Name("b:1"));

        await Plugin.Source.RemoveAsync(Name("a:1"), CancellationToken.None);

        (await Plugin.Content.ListAsync(CancellationToken.None)).Should().BeEquivalentTo(b.Blobs.Keys.Concat(b.Manifests.Keys));
        Plugin.Overlay.Layers.Should().HaveCount(2);
        await Plugin.Source.RemoveAsync(b.Id, CancellationToken.None);
        (await Plugin.Content.ListAsync(CancellationToken.None)).Should().BeEmpty();
        Plugin.Overlay.Layers.Should().BeEmpty();
        Plugin.Source.ContentUsage.UsedBytes.Should().Be(0);
    }

    [Fact]
    public async Task Layers_that_a_container_uses_outlive_their_image()
    {
        Registry.Add("app", "1", Image());
        var image = await Plugin.PullAsync(Name("app:1"));
        await Plugin.Overlay.PrepareAsync("container", image.ChainId, readOnly: false, NoPhase.Instance, CancellationToken.None);

        await Plugin.Source.RemoveAsync(image.Id, CancellationToken.None);

        Plugin.Overlay.HasLayer(image.ChainId!).Should().BeTrue();
        await Plugin.Overlay.RemoveAsync("container", CancellationToken.None);
        await Plugin.Get<ContentCollector>().CollectAsync(CancellationToken.None);
        Plugin.Overlay.Layers.Should().BeEmpty();
    }
}
