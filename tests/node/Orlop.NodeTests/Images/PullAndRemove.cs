using Orlop.Testing.Images;

namespace Orlop.NodeTests.Images;

public sealed class PullAndRemove(Node node) : NodeTest(node)
{
    private ImageService.ImageServiceClient Images => Node.Cri.Images;

    [NodeFact]
    public async Task A_pulled_image_is_listed_and_a_removed_one_is_not()
    {
        var pushed = await Node.PushAsync(TestImages.Unique("unique/listed"));
        (await StatusAsync(pushed.Reference)).Should().BeNull("absence is no error");

        var id = await PullAsync(pushed.Reference);

        var image = (await ListAsync()).Should().ContainSingle(image => image.Id == id).Which;
        image.RepoTags.Should().Equal(pushed.Reference);
        image.RepoDigests.Should().Contain($"{pushed.Repository}@{pushed.Digest}");
        image.Size.Should().BePositive();
        (await StatusAsync(pushed.Reference)).Should().Be(image);

        await RemoveAsync(pushed.Reference);
        (await ListAsync()).Should().NotContain(image => image.Id == id);
        (await StatusAsync(pushed.Reference)).Should().BeNull();
        await RemoveAsync(pushed.Reference);
    }

    [NodeFact]
    public async Task An_image_can_be_pulled_by_tag_digest_and_both()
    {
        var pushed = await Node.PushAsync(TestImages.Unique("unique/names"));

        var byDigest = await PullAsync($"{pushed.Repository}@{pushed.Digest}");
        (await StatusAsync(byDigest))!.RepoTags.Should().BeEmpty();
        var byTag = await PullAsync(pushed.Reference);
        var byBoth = await PullAsync($"{pushed.Reference}@{pushed.Digest}");

        new[] { byDigest, byTag, byBoth }.Distinct().Should().ContainSingle();
        foreach (var name in (string[])[byTag, pushed.Reference, $"{pushed.Repository}@{pushed.Digest}", $"{pushed.Reference}@{pushed.Digest}"])
        {
            (await StatusAsync(name))!.Id.Should().Be(byTag, name);
        }

        await RemoveAsync(byTag);
    }

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
    public async Task The_id_of_an_image_is_one_in_four_places()
    {
        await using var pod = await Node.RunPodAsync();
        var reference = Node.Image(TestImages.Other).Reference;
        var pulled = await PullAsync(reference);
        var container = await pod.StartAsync("sleep 1000", config => config.Image.Image = reference);

        (await ListAsync()).Single(image => image.RepoTags.Contains(reference)).Id.Should().Be(pulled);
        (await container.StatusAsync()).ImageId.Should().Be(pulled);
        (await Node.Cri.Runtime.ListContainersAsync(new() { Filter = new() { Id = container.Id } })).Containers.Single().ImageId.Should().Be(pulled);
    }

    [NodeTheory]
    [InlineData("tag")]
    [InlineData("digest")]
    [InlineData("id")]
    public async Task Removal_by_any_name_removes_all_names(string by)
    {
        var recipe = TestImages.Unique("unique/removed-by-" + by);
        var one = await Node.PushAsync(recipe);
        var two = await Node.PushAsync(recipe with { Tag = "2" });
        var id = await PullAsync(one.Reference);
        (await PullAsync(two.Reference)).Should().Be(id);
        (await StatusAsync(id))!.RepoTags.Should().BeEquivalentTo(one.Reference, two.Reference);

        var name = by switch { "tag" => two.Reference, "digest" => $"{one.Repository}@{one.Digest}", _ => id };
        await Task.WhenAll(RemoveAsync(name), RemoveAsync(name));

        (await StatusAsync(one.Reference)).Should().BeNull();
        (await StatusAsync(two.Reference)).Should().BeNull();
        (await StatusAsync(id)).Should().BeNull();
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

    public static TheoryData<string, long?, string> Users => new()
    {
        { TestImages.Other.Name, 0, "" },
        { TestImages.UserId.Name, 1002, "" },
        { TestImages.UserName.Name, null, "www-data" },
        { TestImages.UserIdAndGroup.Name, 1003, "" },
        { TestImages.UserNameAndGroup.Name, null, "www-data" },
    };

    [NodeTheory]
    [MemberData(nameof(Users))]
    public async Task Status_tells_the_user_of_the_configuration(string name, long? uid, string username)
    {
        var reference = "localhost:5000/" + name;
        await PullAsync(reference);

        var image = (await StatusAsync(reference))!;

        (image.Uid?.Value, image.Username).Should().Be((uid, username));
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
    public async Task An_image_or_registry_that_is_not_there_is_an_error_that_names_it()
    {
        var absent = await Pull("localhost:5000/no/such-image:1").ShouldFailWithAsync(StatusCode.NotFound);
        absent.Status.Detail.Should().Contain("localhost:5000/no/such-image:1");
        var broken = async () => await Pull("localhost:5000/UPPER/case:1");
        (await broken.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("UPPER/case");
        var unreachable = async () => await Pull("localhost:5999/no/registry:1");
        (await unreachable.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("localhost:5999").And.Contain("RegistryUnavailable");
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
    public async Task The_filesystem_of_images_is_told_and_exists()
    {
        await PullAsync(Node.Image(TestImages.Busybox).Reference);

        var usage = await Eventually.GetsAsync(
            async () => (await Images.ImageFsInfoAsync(new())).ImageFilesystems.FirstOrDefault(),
            value => value?.UsedBytes?.Value > 0,
            "a measured image file system");

        usage!.Timestamp.Should().BePositive();
        usage.InodesUsed.Value.Should().BePositive();
        (await Node.Namespaces.RunAsync($"stat -f -c %T '{usage.FsId.Mountpoint}'")).Should().NotBeEmpty();
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

    [NodeFact]
    public async Task A_registry_with_a_password_is_asked_with_the_credentials_of_the_request()
    {
        await using var secured = await Node.StartAsync(new NodeOptions { PrivateRegistry = true, Images = false });
        var pushed = await secured.PrivateRegistry.PushAsync(TestImages.Busybox);
        var request = new PullImageRequest { Image = new() { Image = pushed.Reference } };

        var without = async () => await secured.Cri.Images.PullImageAsync(request);
        (await without.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain(pushed.Reference).And.ContainEquivalentOf("unauthorized");
        var wrong = request.Clone();
        wrong.Auth = new AuthConfig { Username = "orlop", Password = "wrong-password" };
        var wrongPull = async () => await secured.Cri.Images.PullImageAsync(wrong);
        (await wrongPull.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().NotContain("wrong-password");
        (await secured.Cri.Images.ListImagesAsync(new())).Images.Should().BeEmpty();

        var right = request.Clone();
        right.Auth = new AuthConfig { Username = "orlop", Password = "secret" };
        var id = (await secured.Cri.Images.PullImageAsync(right)).ImageRef;

        (await secured.Cri.Images.ImageStatusAsync(new() { Image = request.Image })).Image.Id.Should().Be(id);
        var encoded = request.Clone();
        encoded.Auth = new AuthConfig { Auth = Convert.ToBase64String("orlop:secret"u8) };
        (await secured.Cri.Images.PullImageAsync(encoded)).ImageRef.Should().Be(id);
        await ((Func<Task>)(async () => await secured.Cri.Images.PullImageAsync(wrong))).Should().ThrowAsync<RpcException>("an image in store does not replace the registry's word");
        secured.Log.Text.Should().NotContain("wrong-password").And.NotContain("secret\"");
    }

    private AsyncUnaryCall<PullImageResponse> Pull(string reference) => Images.PullImageAsync(new() { Image = new ImageSpec { Image = reference } });

    private async Task<string> PullAsync(string reference) => (await Pull(reference)).ImageRef;

    private async Task RemoveAsync(string reference) => await Images.RemoveImageAsync(new() { Image = new ImageSpec { Image = reference } });

    private async Task<Image?> StatusAsync(string reference) => (await Images.ImageStatusAsync(new() { Image = new ImageSpec { Image = reference } })).Image;

    private async Task<IReadOnlyList<Image>> ListAsync() => (await Images.ListImagesAsync(new())).Images;
}
