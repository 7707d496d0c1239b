using Orlop.Testing.Images;

namespace Orlop.NodeTests.Contract;

/// <summary>Identity, names, users and removal of images; points 6, 25 to 29 and 46 of the contract with the kubelet.</summary>
public sealed class ImageNames(Node node) : NodeTest(node)
{
    private ImageService.ImageServiceClient Images => Node.Cri.Images;

    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    public static TheoryData<string, long?, string> Users => new()
    {
        { TestImages.Other.Name, 0, "" },
        { TestImages.UserId.Name, 1002, "" },
        { TestImages.UserName.Name, null, "www-data" },
        { TestImages.UserIdAndGroup.Name, 1003, "" },
        { TestImages.UserNameAndGroup.Name, null, "www-data" },
    };

    // Point 6: the kubelet finds its words only at the start of an error without a code.
    [NodeFact]
    public async Task An_image_or_registry_that_is_not_there_is_an_error_that_names_it()
    {
        var absent = await Pull("localhost:5000/no/such-image:1").ShouldFailWithAsync(StatusCode.NotFound);
        absent.Status.Detail.Should().Contain("localhost:5000/no/such-image:1");
        var broken = async () => await Pull("localhost:5000/UPPER/case:1");
        (await broken.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("UPPER/case");
        var unreachable = await Pull("localhost:5999/no/registry:1").ShouldFailWithAsync(StatusCode.Unknown);
        unreachable.Status.Detail.Should().StartWith("RegistryUnavailable: ").And.Contain("localhost:5999");
    }

    // Point 6.
    [NodeFact]
    public async Task An_image_volume_is_refused_in_the_words_of_the_kubelet()
    {
        await using var pod = await Node.RunPodAsync();

        var create = async () => await pod.CreateAsync(
            "true", config => config.Mounts.Add(new Mount { ContainerPath = "/volume", Image = new() { Image = "localhost:5000/volume:1" }, Readonly = true }));

        (await create.ShouldFailWithAsync(StatusCode.Unknown)).Status.Detail.Should().StartWith("ImageVolumeMountFailed: ").And.Contain("localhost:5000/volume:1");
    }

    // Points 25 and 46.
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

    // Point 25: as a kubelet of 1.36 and later creates its containers.
    [NodeFact]
    public async Task The_image_may_be_given_by_its_id()
    {
        await using var pod = await Node.RunPodAsync();
        var image = Node.Image(TestImages.Busybox);
        var id = await Node.PullAsync(image.Reference);
        var config = pod.ContainerConfig("echo works");
        config.Image = new ImageSpec { Image = id, UserSpecifiedImage = image.Reference };
        Directory.CreateDirectory(Path.Combine(pod.Config.LogDirectory, config.Metadata.Name));
        var created = await Runtime.CreateContainerAsync(new() { PodSandboxId = pod.Id, Config = config, SandboxConfig = pod.Config });
        var container = new PodContainer(Node, pod, created.ContainerId, config);
        await container.StartAsync();

        var finished = await container.FinishAsync();

        finished.Output.Should().Be("works\n");
        finished.Status.ImageId.Should().Be(id);
        finished.Status.Image.Should().Be(new ImageSpec { Image = image.Reference, UserSpecifiedImage = image.Reference });
        finished.Status.ImageRef.Should().NotBeEmpty();
    }

    // Points 26 and 46.
    [NodeFact]
    public async Task A_pulled_image_is_listed_and_a_removed_one_is_not()
    {
        var pushed = await Node.PushAsync(TestImages.Unique("unique/listed"));
        (await StatusAsync(pushed.Reference)).Should().BeNull("absence is no error");

        var id = await PullAsync(pushed.Reference);

        var image = (await ListAsync()).Should().ContainSingle(image => image.Id == id).Which;
        image.RepoTags.Should().Equal(pushed.Reference);
        image.RepoDigests.Should().BeEquivalentTo([$"{pushed.Repository}@{pushed.Digest}", $"{pushed.Repository}@{pushed.ManifestDigest}"], "it is known by its index and by its manifest");
        image.Size.Should().BePositive();
        (await StatusAsync(pushed.Reference)).Should().Be(image);

        await RemoveAsync(pushed.Reference);
        (await ListAsync()).Should().NotContain(image => image.Id == id);
        (await StatusAsync(pushed.Reference)).Should().BeNull();
        await RemoveAsync(pushed.Reference);
    }

    // Point 26.
    [NodeFact]
    public async Task An_image_can_be_pulled_by_tag_digest_and_both()
    {
        var pushed = await Node.PushAsync(TestImages.Unique("unique/names"));

        var byDigest = await PullAsync($"{pushed.Repository}@{pushed.Digest}");
        (await StatusAsync(byDigest))!.RepoTags.Should().BeEmpty();
        var byTag = await PullAsync(pushed.Reference);
        var byBoth = await PullAsync($"{pushed.Reference}@{pushed.Digest}");

        new[] { byDigest, byTag, byBoth }.Distinct().Should().ContainSingle();
        foreach (var name in (string[])[byTag, byTag[7..], byTag[7..20], pushed.Reference, $"{pushed.Repository}@{pushed.Digest}", $"{pushed.Reference}@{pushed.Digest}"])
        {
            (await StatusAsync(name))!.Id.Should().Be(byTag, name);
        }

        await RemoveAsync(byTag);
    }

    // Point 26.
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

    // Point 26: a list that follows a pull or a removal knows of it.
    [NodeFact]
    public async Task Lists_keep_up_with_pulls_and_removals()
    {
        var pushed = await Node.PushAsync(TestImages.Unique("unique/lists"));
        for (var round = 0; round < 20; round++)
        {
            await PullAsync(pushed.Reference);
            (await ListAsync()).Should().Contain(image => image.RepoTags.Contains(pushed.Reference));
            await RemoveAsync(pushed.Reference);
            (await ListAsync()).Should().NotContain(image => image.RepoTags.Contains(pushed.Reference));
        }
    }

    // Point 27.
    [NodeTheory]
    [MemberData(nameof(Users))]
    public async Task Status_tells_the_user_of_the_configuration(string name, long? uid, string username)
    {
        var reference = "localhost:5000/" + name;
        await PullAsync(reference);

        var image = (await StatusAsync(reference))!;

        (image.Uid?.Value, image.Username).Should().Be((uid, username));
    }

    // Point 28.
    [NodeFact]
    public async Task A_pinned_image_says_so_and_can_be_removed()
    {
        await using var pinning = await Node.StartAsync(new NodeOptions { Images = false, Network = false, PluginSettings = { ["registry"] = """pinned_images = ["localhost:5000/orlop/busybox:1"]""" } });
        var (pinned, other) = (await pinning.PushAsync(TestImages.Busybox), await pinning.PushAsync(TestImages.Other));
        await pinning.PullAsync(pinned.Reference);
        await pinning.PullAsync(other.Reference);

        (await pinning.Cri.Images.ListImagesAsync(new())).Images.Where(image => image.Pinned).SelectMany(image => image.RepoTags).Should().Equal(pinned.Reference);
        await pinning.Cri.Images.RemoveImageAsync(new() { Image = new() { Image = pinned.Reference } });

        (await pinning.Cri.Images.ListImagesAsync(new())).Images.SelectMany(image => image.RepoTags).Should().Equal(other.Reference);
    }

    // Point 28: the kubelet calls statfs(2) on the first mount point.
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

    // Point 29.
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
