using Orlop.Testing.Images;

namespace Orlop.NodeTests.Images;

public sealed class PullAndRemove(Node node) : NodeTest(node)
{
    private ImageService.ImageServiceClient Images => Node.Cri.Images;

    [NodeTheory]
    [InlineData(ImageKind.OciManifest)]
    [InlineData(ImageKind.OciIndex)]
    [InlineData(ImageKind.DockerManifest)]
    [InlineData(ImageKind.DockerList)]
    public async Task Each_kind_of_document_gives_the_image_of_this_platform(ImageKind kind)
    {
        var pushed = await Node.PushAsync(TestImages.Unique("unique/" + kind.ToString().ToLowerInvariant()) with { Kind = kind });
        await using var pod = await Node.RunPodAsync();

        var finished = await pod.RunAsync("ls /README.arm64 2>/dev/null; echo runs", config => config.Image.Image = pushed.Reference);

        finished.Output.Should().Be("runs\n");
        finished.Status.ImageRef.Should().Be($"{pushed.Repository}@{pushed.Digest}");
    }

    [NodeFact]
    public async Task A_tag_that_moved_leaves_the_old_image_without_it()
    {
        var first = await Node.PushAsync(TestImages.Unique("unique/moved"));
        var oldId = await PullAsync(first.Reference);
        await Node.PushAsync(TestImages.Unique("unique/moved") with { WorkingDir = "/moved" });

        var newId = await PullAsync(first.Reference);

        newId.Should().NotBe(oldId);
        (await StatusAsync(first.Reference))!.Id.Should().Be(newId);
        (await StatusAsync(oldId))!.RepoTags.Should().BeEmpty();
        await RemoveAsync(oldId);
        await RemoveAsync(newId);
    }

    [NodeFact]
    public async Task A_container_goes_on_when_its_image_is_removed()
    {
        var pushed = await Node.PushAsync(TestImages.Unique("unique/in-use"));
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000", config => config.Image.Image = pushed.Reference);

        await RemoveAsync(pushed.Reference);

        (await container.ReadAsync("cat /etc/passwd | head -n 1")).Should().Be("root:x:0:0:root:/root:/bin/sh");
        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);
    }

    [NodeTheory]
    [InlineData("official")]
    [InlineData("official:latest")]
    [InlineData("library/official")]
    [InlineData("docker.io/library/official:latest")]
    public async Task Short_names_are_those_of_docker_io(string name)
    {
        await PullAsync(name);

        (await StatusAsync(name))!.RepoTags.Should().Contain("docker.io/library/official:latest");
    }

    [NodeFact]
    public async Task Two_pulls_at_once_give_one_image()
    {
        var pushed = await Node.PushAsync(TestImages.Unique("unique/twice"));

        var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PullAsync(pushed.Reference)));

        ids.Distinct().Should().ContainSingle();
        (await ListAsync()).Where(image => image.RepoTags.Contains(pushed.Reference)).Should().ContainSingle();
        await RemoveAsync(ids[0]);
    }

    [NodeFact]
    public async Task The_streamed_list_equals_the_list()
    {
        await PullAsync(Node.Image(TestImages.Busybox).Reference);
        using var stream = Images.StreamImages(new StreamImagesRequest());
        var streamed = new List<Image>();
        await foreach (var part in stream.ResponseStream.ReadAllAsync())
        {
            streamed.AddRange(part.Images);
        }

        streamed.Should().BeEquivalentTo(await ListAsync());
    }

    [NodeFact]
    public async Task A_filter_by_name_gives_that_image()
    {
        var reference = Node.Image(TestImages.Docker).Reference;
        var id = await PullAsync(reference);

        (await Images.ListImagesAsync(new() { Filter = new() { Image = new() { Image = reference } } })).Images.Select(image => image.Id).Should().Equal(id);
        (await Images.ListImagesAsync(new() { Filter = new() { Image = new() { Image = "localhost:5000/none:1" } } })).Images.Should().BeEmpty();
    }

    private AsyncUnaryCall<PullImageResponse> Pull(string reference) => Images.PullImageAsync(new() { Image = new ImageSpec { Image = reference } });

    private async Task<string> PullAsync(string reference) => (await Pull(reference)).ImageRef;

    private async Task RemoveAsync(string reference) => await Images.RemoveImageAsync(new() { Image = new ImageSpec { Image = reference } });

    private async Task<Image?> StatusAsync(string reference) => (await Images.ImageStatusAsync(new() { Image = new ImageSpec { Image = reference } })).Image;

    private async Task<IReadOnlyList<Image>> ListAsync() => (await Images.ListImagesAsync(new())).Images;
}
