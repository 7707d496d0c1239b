using System.Diagnostics;
using Orlop.Testing.Images;
using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Contract;

/// <summary>
/// A client that goes away in the middle of a call leaves the finished object or nothing, and its next call works; the paragraph on
/// timeouts of the contract with the kubelet.
/// </summary>
public sealed class Interruptions(Node node) : NodeTest(node)
{
    private const int Rounds = 12;

    private readonly Dictionary<Type, TimeSpan> _durations = []; // of whole calls, by their answer

    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    // Timeouts.
    [NodeFact]
    public async Task RunPodSandbox_leaves_a_pod_for_the_retry_or_nothing()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var config = Node.PodConfig();
            CgroupTree.Create(config.Linux.CgroupParent);
            await LeaveAsync(round, token => Runtime.RunPodSandboxAsync(new() { Config = config }, cancellationToken: token));

            await using var pod = await Node.RunPodAsync(config);

            (await Runtime.ListPodSandboxAsync(new())).Items.Should().ContainSingle().Which.Id.Should().Be(pod.Id);
            (await pod.RunAsync("echo works")).Output.Should().Be("works\n");
            Addresses().Should().Be(2, "one of each family");
        }
    }

    // Timeouts.
    [NodeFact]
    public async Task CreateContainer_leaves_a_container_for_the_retry_or_nothing()
    {
        await using var pod = await Node.RunPodAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var config = pod.ContainerConfig("echo works");
            await Node.PullAsync(config.Image.Image);
            Directory.CreateDirectory(Path.Combine(pod.Config.LogDirectory, config.Metadata.Name));
            await LeaveAsync(round, token => Runtime.CreateContainerAsync(new() { PodSandboxId = pod.Id, Config = config, SandboxConfig = pod.Config }, cancellationToken: token));

            var container = await pod.CreateAsync(config);

            (await ContainersAsync(pod)).Should().ContainSingle().Which.Id.Should().Be(container.Id);
            await container.StartAsync();
            (await container.FinishAsync()).Output.Should().Be("works\n");
            await container.RemoveAsync();
            CgroupTree.Children(pod.Config.Linux.CgroupParent).Should().BeEmpty();
        }
    }

    // Timeouts: the start goes on, once.
    [NodeFact]
    public async Task StartContainer_goes_on_or_has_not_begun()
    {
        await using var pod = await Node.RunPodAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var container = await pod.CreateAsync("echo started; sleep 1000");
            await LeaveAsync(round, token => Runtime.StartContainerAsync(new() { ContainerId = container.Id }, cancellationToken: token));

            try
            {
                await container.StartAsync();
            }
            catch (RpcException exception)
            {
                exception.StatusCode.Should().Be(StatusCode.FailedPrecondition, "it was started by the first call: {0}", exception.Status.Detail);
            }

            await container.WaitForLogAsync("started");
            (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);
            container.Log().Should().ContainSingle();
            await container.RemoveAsync();
        }
    }

    // Timeouts: nobody needs to ask twice.
    [NodeFact]
    public async Task StopContainer_goes_on_without_its_caller()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("trap '' TERM; echo ready; while :; do sleep 1; done");
        await container.WaitForLogAsync("ready");
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var stop = async () => await Runtime.StopContainerAsync(new() { ContainerId = container.Id, Timeout = 2 }, cancellationToken: leaving.Token);

        await stop.ShouldFailWithAsync(StatusCode.Cancelled);

        (await container.WaitForExitAsync()).ExitCode.Should().Be(137);
    }

    // Timeouts.
    [NodeFact]
    public async Task RemoveContainer_goes_on_or_has_not_begun()
    {
        await using var pod = await Node.RunPodAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var container = await pod.StartAsync("sleep 1000");
            await LeaveAsync(round, token => Runtime.RemoveContainerAsync(new() { ContainerId = container.Id }, cancellationToken: token));

            await container.RemoveAsync();

            (await ContainersAsync(pod)).Should().BeEmpty();
            CgroupTree.Children(pod.Config.Linux.CgroupParent).Should().BeEmpty();
        }
    }

    // Timeouts.
    [NodeFact]
    public async Task StopPodSandbox_and_RemovePodSandbox_go_on_or_have_not_begun()
    {
        for (var round = 0; round < Rounds; round++)
        {
            await using var pod = await Node.RunPodAsync();
            var container = await pod.StartAsync("sleep 1000");
            await LeaveAsync(round, token => Runtime.StopPodSandboxAsync(new() { PodSandboxId = pod.Id }, cancellationToken: token));
            await pod.StopAsync();
            (await pod.StatusAsync()).State.Should().Be(PodSandboxState.SandboxNotready);
            (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerExited);
            await LeaveAsync(round, token => Runtime.RemovePodSandboxAsync(new() { PodSandboxId = pod.Id }, cancellationToken: token));

            await pod.RemoveAsync();

            (await Runtime.ListPodSandboxAsync(new())).Items.Should().BeEmpty();
            Addresses().Should().Be(0);
        }
    }

    // Timeouts: a pull has no deadline, only a caller that goes away.
    [NodeFact]
    public async Task PullImage_leaves_an_image_or_none_and_its_retry_works()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var pushed = await Node.PushAsync(TestImages.Unique($"unique/interrupted-{round}"));
            await LeaveAsync(round, token => Node.Cri.Images.PullImageAsync(new() { Image = new() { Image = pushed.Reference } }, cancellationToken: token));
            var seen = (await Node.Cri.Images.ImageStatusAsync(new() { Image = new() { Image = pushed.Reference } })).Image;

            var id = (await Node.Cri.Images.PullImageAsync(new() { Image = new() { Image = pushed.Reference } })).ImageRef;

            (seen?.Id ?? id).Should().Be(id);
            (await Node.Cri.Images.ListImagesAsync(new())).Images.Where(image => image.RepoTags.Contains(pushed.Reference)).Should().ContainSingle().Which.Id.Should().Be(id);
            await Node.Cri.Images.RemoveImageAsync(new() { Image = new() { Image = id } });
        }
    }

    // Timeouts: what was removed is gone from the disk too, although its caller left.
    [NodeFact]
    public async Task RemoveImage_goes_on_or_has_not_begun()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var pushed = await Node.PushAsync(TestImages.Unique($"unique/removed-{round}"));
            var image = new ImageSpec { Image = (await Node.Cri.Images.PullImageAsync(new() { Image = new() { Image = pushed.Reference } })).ImageRef };
            await LeaveAsync(round, token => Node.Cri.Images.RemoveImageAsync(new() { Image = image }, cancellationToken: token));

            await Node.Cri.Images.RemoveImageAsync(new() { Image = image });

            (await Node.Cri.Images.ImageStatusAsync(new() { Image = image })).Image.Should().BeNull();
            await Eventually.PassesAsync(async () =>
                (await Node.Namespaces.RunAsync($"find {Node.Folder.Root}/plugins/registry -name '*{image.Image[7..]}*'")).Should().BeEmpty("its configuration is a blob of its own"));
        }
    }

    // Timeouts.
    [NodeFact]
    public async Task UpdateContainerResources_and_ReopenContainerLog_go_on_or_have_not_begun()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("while :; do echo line; sleep 0.05; done", config => config.Linux.Resources.CpuShares = 100);
        for (var round = 0; round < Rounds; round++)
        {
            LinuxContainerResources limits = new() { CpuShares = 200 + round };
            await LeaveAsync(round, token => Runtime.UpdateContainerResourcesAsync(new() { ContainerId = container.Id, Linux = limits }, cancellationToken: token));
            await Runtime.UpdateContainerResourcesAsync(new() { ContainerId = container.Id, Linux = limits });
            (await container.StatusAsync()).Resources.Linux.CpuShares.Should().Be(200 + round);

            File.Move(container.LogPath, $"{container.LogPath}.{round}");
            await LeaveAsync(round, token => Runtime.ReopenContainerLogAsync(new() { ContainerId = container.Id }, cancellationToken: token));
            await Runtime.ReopenContainerLogAsync(new() { ContainerId = container.Id });
            await container.WaitForLogAsync("line");
        }
    }

    /// <summary>Makes a call and cancels it a little later in each round, over all of the time that such a call takes, which the last round tells.</summary>
    private async Task LeaveAsync<T>(int round, Func<CancellationToken, AsyncUnaryCall<T>> call)
    {
        var whole = _durations.GetValueOrDefault(typeof(T), TimeSpan.FromMilliseconds(40));
        using var leaving = new CancellationTokenSource(whole * round / (Rounds - 2));
        var watch = Stopwatch.StartNew();
        try
        {
            await call(leaving.Token);
            _durations[typeof(T)] = watch.Elapsed;
        }
        catch (RpcException exception)
        {
            exception.StatusCode.Should().Be(StatusCode.Cancelled);
            if (watch.Elapsed >= whole) _durations[typeof(T)] = whole * 1.5; // it takes longer than thought
        }
    }

    private int Addresses() => Directory.EnumerateFiles(Node.Folder.Leases, "*", SearchOption.AllDirectories).Count(file => char.IsAsciiHexDigit(Path.GetFileName(file)[0]));

    private async Task<IReadOnlyList<Container>> ContainersAsync(Pod pod) =>
        (await Runtime.ListContainersAsync(new() { Filter = new() { PodSandboxId = pod.Id } })).Containers;
}
