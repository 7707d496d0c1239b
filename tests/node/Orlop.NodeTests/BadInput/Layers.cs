using System.Security.Cryptography;
using Orlop.Testing.Images;

namespace Orlop.NodeTests.BadInput;

/// <summary>What layers may hold that no builder makes. Nothing of it reaches the node, and a good image can be pulled afterwards.</summary>
public sealed class Layers(Node node) : NodeTest(node)
{
    private static int s_images;

    [NodeTheory]
    [InlineData("../escaped")]
    [InlineData("etc/../../escaped")]
    [InlineData("/../escaped")]
    public async Task A_name_that_climbs_out_of_the_root_is_refused_by_name(string name)
    {
        var error = await PullFailsAsync(StatusCode.InvalidArgument, ImageLayer.Of(layer => layer.File(name, "escaped")));

        error.Should().Contain($"\"{name}\"").And.Contain("leads out of the image");
        await NothingEscapedAsync();
    }

    [NodeFact]
    public async Task A_hard_link_to_a_file_of_the_node_is_refused()
    {
        var error = await PullFailsAsync(StatusCode.InvalidArgument, ImageLayer.Of(layer => layer.HardLink("stolen", Path.Combine("/", Node.Folder.Configuration))));

        error.Should().Contain("\"stolen\"").And.Contain("hard link");
    }

    [NodeFact]
    public async Task Links_in_chains_and_to_absolute_places_lead_into_the_image_only()
    {
        var target = Node.Folder.Shared;
        var image = await PushAsync(ImageLayer.Of(layer => layer
            .Link("up", "../../../../../../../..").Link("chain", "up/up").Link("over", "chain" + target).Link("absolute", target)
            .File("over/escaped", "through a chain").File("absolute/escaped-too", "by an absolute link")));
        await using var pod = await Node.RunPodAsync();

        var finished = await pod.RunAsync($"cat {target}/escaped {target}/escaped-too", config => config.Image.Image = image);

        finished.Output.Should().Be("through a chainby an absolute link");
        await NothingEscapedAsync();
    }

    [NodeFact]
    public async Task An_entry_behind_a_link_that_leads_in_a_circle_is_refused()
    {
        var error = await PullFailsAsync(StatusCode.InvalidArgument, ImageLayer.Of(layer => layer.Link("a", "b").Link("b", "a").File("a/file", "")));

        error.Should().Contain("\"a/file\"").And.Contain("circle");
    }

    [NodeFact]
    public async Task An_archive_that_is_cut_off_is_refused_however_it_was_cut()
    {
        var whole = ImageLayer.Of(layer => layer.File("file", RandomNumberGenerator.GetBytes(100_000)));
        var half = whole.Content[..(whole.Content.Length / 2)];

        (await PullFailsAsync(StatusCode.InvalidArgument, ImageLayer.OfContent(half, whole.DiffId))).Should().Contain("cut off");
        (await PullFailsAsync(StatusCode.InvalidArgument, ImageLayer.OfContent(new byte[511]))).Should().Contain("cut off");
    }

    [NodeFact]
    public async Task Bytes_that_are_no_archive_are_refused()
    {
        (await PullFailsAsync(StatusCode.InvalidArgument, ImageLayer.OfContent(RandomNumberGenerator.GetBytes(10_000)))).Should().Contain("layer sha256:");
    }

    [NodeFact]
    public async Task A_layer_other_than_the_configuration_names_is_refused()
    {
        var layer = ImageLayer.Of(content => content.File("file", "one"));
        var other = ImageLayer.Of(content => content.File("file", "two"));

        (await PullFailsAsync(StatusCode.DataLoss, ImageLayer.OfContent(layer.Content, other.DiffId))).Should().Contain(layer.DiffId).And.Contain(other.DiffId);
    }

    private async Task<string> PullFailsAsync(StatusCode code, ImageLayer layer)
    {
        var pushed = await Node.PushAsync(Unique(layer));
        var error = await Node.Cri.Images.PullImageAsync(new() { Image = new ImageSpec { Image = pushed.Reference } }).ShouldFailWithAsync(code);
        error.Status.Detail.Should().Contain(pushed.Reference);
        (await Node.Namespaces.RunAsync($"find '{Node.Folder.Root}' -name '*.new'")).Should().BeEmpty("a layer that failed is taken away");
        await PushAsync(ImageLayer.Of(good => good.File("good", pushed.Reference)));
        return error.Status.Detail;
    }

    private async Task<string> PushAsync(ImageLayer layer)
    {
        var pushed = await Node.PushAsync(Unique(layer));
        await Node.PullAsync(pushed.Reference);
        return pushed.Reference;
    }

    private static ImageRecipe Unique(ImageLayer layer) =>
        TestImages.Unique($"orlop/layer-{Interlocked.Increment(ref s_images)}") with { Layers = [.. TestImages.Busybox.Layers, layer] };

    private async Task NothingEscapedAsync()
    {
        (await Node.Namespaces.RunAsync($"find '{Node.Folder.Root}' -maxdepth 4 -name 'escaped*'; find '{Node.Folder.Shared}' /run -xdev -name 'escaped*'; find / -maxdepth 1 -name 'escaped*'"))
            .Should().BeEmpty();
    }
}
