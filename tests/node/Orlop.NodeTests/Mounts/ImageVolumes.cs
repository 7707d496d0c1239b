using Orlop.Testing.Images;

namespace Orlop.NodeTests.Mounts;

public sealed class ImageVolumes(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task An_image_is_mounted_readonly_and_its_programs_run()
    {
        var finished = await RunAsync(
            "cat /volume/data/replaced; echo; ls /volume/data; touch /volume/x 2>/dev/null || echo readonly; /volume/bin/busybox echo runs",
            new Mount { ContainerPath = "/volume", Image = await LayeredAsync(), Readonly = true });

        finished.Lines.Should().Equal("second", "kept", "opaque", "owned", "replaced", "readonly", "runs");
    }

    [NodeFact]
    public async Task A_part_of_an_image_is_mounted_alone_be_it_a_folder_or_a_file()
    {
        var image = await LayeredAsync();

        var finished = await RunAsync(
            "ls /folder; cat /file; echo; cat /linked/passwd | head -n 1",
            new Mount { ContainerPath = "/folder", Image = image, ImageSubPath = "data/kept", Readonly = true },
            new Mount { ContainerPath = "/file", Image = image, ImageSubPath = "data/opaque/new", Readonly = true },
            new Mount { ContainerPath = "/linked", Image = image, ImageSubPath = "to-etc", Readonly = true });

        finished.Lines.Should().Equal("old", "new", "root:x:0:0:root:/root:/bin/sh");
    }

    [NodeFact]
    public async Task A_volume_may_hold_a_mount_and_lie_in_one()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Node.Folder.Shared, "around")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "file"), "around");

        var finished = await RunAsync(
            "cat /mnt/file; echo; cat /mnt/volume/data/replaced; echo; cat /mnt/volume/data/kept/file",
            new Mount { ContainerPath = "/mnt/volume/data/kept", HostPath = folder },
            new Mount { ContainerPath = "/mnt/volume", Image = await LayeredAsync(), Readonly = true },
            new Mount { ContainerPath = "/mnt", HostPath = folder });

        finished.Lines.Should().Equal("around", "second", "around");
    }

    [NodeFact]
    public async Task Options_of_the_request_hold_for_a_volume()
    {
        var finished = await RunAsync(
            "/volume/bin/busybox true 2>/dev/null || echo refused",
            new Mount { ContainerPath = "/volume", Image = await LayeredAsync(), Readonly = true, MountOptions = { "noexec" } });

        finished.Output.Should().Be("refused\n");
    }

    [NodeFact]
    public async Task The_status_names_the_image_as_asked_for_and_by_its_id()
    {
        var image = await LayeredAsync();
        image.UserSpecifiedImage = "as the author wrote it";
        await using var pod = await Node.RunPodAsync();
        var mount = new Mount { ContainerPath = "/volume", Image = image, ImageSubPath = "data", Readonly = true };

        var container = await pod.CreateAsync("true", config => config.Mounts.Add(mount));

        var expected = mount.Clone();
        expected.Image.ImageRef = await Node.PullAsync(image.Image);
        (await container.StatusAsync()).Mounts.Should().Equal(expected);
    }

    [NodeFact]
    public async Task A_volume_outlives_its_image_and_a_restart_and_ends_with_its_container()
    {
        var pushed = await Node.PushAsync(TestImages.Unique("unique/volume"));
        await Node.PullAsync(pushed.Reference);
        await using var pod = await Node.RunPodAsync();
        var container = await pod.CreateAsync(
            "ls /volume/etc", config => config.Mounts.Add(new Mount { ContainerPath = "/volume", Image = new() { Image = pushed.Reference }, Readonly = true }));
        await Node.Cri.Images.RemoveImageAsync(new() { Image = new() { Image = pushed.Reference } });
        await Node.CrashAndRestartAsync();

        await container.StartAsync();
        (await container.FinishAsync()).Lines.Should().Equal("group", "passwd");
        await container.RemoveAsync();

        (await Node.Namespaces.RunAsync($"find {Node.Folder.Root} -path '*/overlay/snapshots/*' -maxdepth 6")).Should().BeEmpty();
    }

    [NodeTheory]
    [InlineData("no-such-part", true, "no-such-part")]
    [InlineData("../etc", true, "..")]
    [InlineData("/etc", true, "/etc")]
    [InlineData("", false, "read-only")]
    public async Task What_cannot_be_mounted_is_refused_by_the_create(string part, bool isReadOnly, string said)
    {
        await using var pod = await Node.RunPodAsync();
        var image = await LayeredAsync();

        var create = async () => await pod.CreateAsync(
            "true", config => config.Mounts.Add(new Mount { ContainerPath = "/volume", Image = image, ImageSubPath = part, Readonly = isReadOnly }));

        (await create.ShouldFailWithAsync(StatusCode.Unknown)).Status.Detail.Should().StartWith("ImageVolumeMountFailed: ").And.Contain(said);
        (await Node.Cri.Runtime.ListContainersAsync(new() { Filter = new() { PodSandboxId = pod.Id } })).Containers.Should().BeEmpty();
    }

    private async Task<ImageSpec> LayeredAsync()
    {
        var reference = Node.Image(TestImages.Layered).Reference;
        await Node.PullAsync(reference);
        return new ImageSpec { Image = reference };
    }

    private async Task<Finished> RunAsync(string script, params Mount[] mounts)
    {
        await using var pod = await Node.RunPodAsync();
        return await pod.RunAsync(script, config => config.Mounts.Add(mounts));
    }
}
