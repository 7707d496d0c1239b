using Google.Protobuf;
using Orlop.Testing.Images;

namespace Orlop.NodeTests.BadInput;

/// <summary>Files of an image that the daemon itself reads, and settings of an image that no builder writes.</summary>
public sealed class HostileImages(Node node) : NodeTest(node)
{
    private static int s_images;

    [NodeTheory]
    [InlineData("fifo")]
    [InlineData("device")]
    [InlineData("folder")]
    [InlineData("circle")]
    [InlineData("dangling")]
    [InlineData("node")]
    public async Task A_passwd_that_is_no_file_holds_nobody_up_and_knows_no_user(string kind)
    {
        var image = await PushAsync(ImageLayer.Of(layer => _ = kind switch
        {
            "fifo" => layer.Whiteout("etc/group").Fifo("etc/passwd").Fifo("etc/group"),
            "device" => layer.Device("etc/passwd", 1, 5).Device("etc/group", 1, 5), // endless zeros
            "folder" => layer.Whiteout("etc/passwd").Folder("etc/passwd"),
            "circle" => layer.Link("etc/passwd", "group").Link("etc/group", "passwd"),
            "dangling" => layer.Link("etc/passwd", "/nowhere"),
            _ => layer.Link("etc/passwd", Node.Folder.Below("passwd")), // must not be followed on the node
        }));
        await File.WriteAllTextAsync(Node.Folder.Below("passwd"), "intruder:x:4242:4242::/:/bin/sh\n");
        await using var pod = await Node.RunPodAsync();

        var byName = async () => await pod.CreateAsync("true", config => (config.Image.Image, config.Linux.SecurityContext.RunAsUsername) = (image, "intruder"));
        (await byName.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("'intruder'").And.Contain("/etc/passwd");

        var byNumber = await pod.RunAsync("grep ^Uid: /proc/self/status | cut -f2; echo $HOME", config => (config.Image.Image, config.Linux.SecurityContext.RunAsUser) = (image, new Int64Value { Value = 4242 }));
        byNumber.Lines.Should().Equal("4242", "/");
    }

    [NodeFact]
    public async Task A_passwd_of_gigabytes_is_refused_by_name()
    {
        var image = await PushAsync(ImageLayer.Of(layer => layer.File("etc/passwd", new byte[5 << 20])));

        (await CreateFailsAsync(config => config.Image.Image = image)).Should().Contain("/etc/passwd").And.Contain("larger than");
    }

    [NodeTheory]
    [InlineData("4294967296", "4294967296")]
    [InlineData("4294967295", "4294967295")]
    [InlineData("18446744073709551616", "18446744073709551616")]
    [InlineData("-1", "-1")]
    [InlineData("nobody-of-this-image", "nobody-of-this-image")]
    [InlineData("0:4294967296", "4294967296")]
    [InlineData("0:no-group", "no-group")]
    public async Task A_user_of_the_image_that_cannot_be_is_refused_and_is_never_root(string user, string named)
    {
        var pushed = await Node.PushAsync(Unique() with { User = user });

        (await CreateFailsAsync(config => config.Image.Image = pushed.Reference)).Should().Contain(named);
    }

    [NodeFact]
    public async Task An_entry_of_passwd_with_an_id_beyond_32_bits_is_nobodys()
    {
        var image = await PushAsync(ImageLayer.Of(layer => layer.File("etc/passwd", "root:x:0:0::/root:/bin/sh\nwrap:x:4294967296:0::/:/bin/sh\nminus:x:-4294967296:0::/:/bin/sh\n")));

        foreach (var name in (string[])["wrap", "minus"])
        {
            (await CreateFailsAsync(config => (config.Image.Image, config.Linux.SecurityContext.RunAsUsername) = (image, name))).Should().Contain($"'{name}'");
        }
    }

    [NodeFact]
    public async Task A_home_with_a_newline_is_refused_wherever_it_comes_from()
    {
        const string home = "HOME=/root\nintruder:x:0:0::/root:/bin/sh";
        var pushed = await Node.PushAsync(Unique() with { Env = ["PATH=/bin", home] });

        (await CreateFailsAsync(config => config.Image.Image = pushed.Reference)).Should().Contain("HOME").And.Contain("newline");
        (await CreateFailsAsync(config => config.Envs.Add(new KeyValue { Key = "HOME", Value = ByteString.CopyFromUtf8(home["HOME=".Length..]) }))).Should().Contain("HOME").And.Contain("newline");
    }

    [NodeFact]
    public async Task Other_settings_that_make_no_sense_are_refused_by_name()
    {
        var signal = await Node.PushAsync(Unique() with { StopSignal = "SIGNONSENSE" });
        (await CreateFailsAsync(config => config.Image.Image = signal.Reference)).Should().Contain("SIGNONSENSE");

        var folder = await Node.PushAsync(Unique() with { WorkingDir = "relative/folder" });
        (await CreateFailsAsync(config => config.Image.Image = folder.Reference)).Should().Contain("relative/folder");

        var variable = await Node.PushAsync(Unique() with { Env = ["=value without a name"] });
        (await CreateFailsAsync(config => config.Image.Image = variable.Reference)).Should().Contain("value without a name");
    }

    private async Task<string> CreateFailsAsync(Action<ContainerConfig> configure)
    {
        await using var pod = await Node.RunPodAsync();

        var create = async () => await pod.CreateAsync("true", configure);

        var error = (await create.Should().ThrowAsync<RpcException>()).Which;
        error.StatusCode.Should().Be(StatusCode.InvalidArgument, error.Status.Detail);
        (await Node.Cri.Runtime.ListContainersAsync(new() { Filter = new() { PodSandboxId = pod.Id } })).Containers.Should().BeEmpty();
        (await pod.RunAsync("echo next", config => config.Metadata.Name = "c1")).Output.Should().Be("next\n", "the name is free again");
        return error.Status.Detail;
    }

    private async Task<string> PushAsync(ImageLayer layer) => (await Node.PushAsync(Unique() with { Layers = [.. TestImages.Busybox.Layers, layer] })).Reference;

    private static ImageRecipe Unique() => TestImages.Unique($"orlop/hostile-{Interlocked.Increment(ref s_images)}");
}
