using System.Security.Cryptography;
using Orlop.Testing.Images;

namespace Orlop.NodeTests.BadInput;

/// <summary>A disk that is full: calls say so, nothing half-made stays on it, and what frees it, stopping and removing, always works.</summary>
public sealed class FullDisks() : OwnNodeTest(new NodeOptions { RootSize = $"{Size}" })
{
    private const long Size = 96 << 20;
    private const long Tolerance = 1 << 20; // records and folders

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Node.PullAsync(Node.Image(TestImages.Busybox).Reference);
    }

    [NodeFact]
    public Task A_blob_that_does_not_fit_is_an_error_and_leaves_the_disk_as_it_was() =>
        PullFailsAsync(ImageLayer.Of(layer => layer.File("large", RandomNumberGenerator.GetBytes((int)Size + (8 << 20)))));

    [NodeFact]
    public Task A_layer_that_unpacks_to_more_than_fits_is_an_error_and_leaves_the_disk_as_it_was() => PullFailsAsync(ImageLayer.Bomb(4L << 30));

    [NodeFact]
    public Task More_files_than_the_disk_can_hold_are_an_error_and_leave_it_as_it_was() => PullFailsAsync(ImageLayer.Of(layer =>
    {
        for (var i = 0; i < 200_000; i++)
        {
            layer.Link($"link-{i}", new string('x', 1000));
        }
    }));

    [NodeFact]
    public async Task Pods_on_a_full_disk_can_be_looked_at_stopped_and_removed_which_frees_it()
    {
        var before = await FreeAsync();
        await using var pod = await Node.RunPodAsync();
        var idle = await pod.StartAsync("sleep 1000");
        var eater = await pod.StartAsync("cat /dev/zero > /eaten; echo full; sleep 1000");
        await eater.WaitForLogAsync("full");
        (await FreeAsync()).Should().BeLessThan(Tolerance);

        (await idle.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);
        (await idle.ReadAsync("echo executes")).Should().Be("executes");
        var stats = await Eventually.GetsAsync(
            async () => (await Node.Cri.Runtime.ContainerStatsAsync(new() { ContainerId = eater.Id })).Stats,
            value => value.WritableLayer?.UsedBytes?.Value > Size / 2, "the eaten disk in the statistics of who ate it", TimeSpan.FromSeconds(60));
        stats.Attributes.Id.Should().Be(eater.Id);

        await idle.StopAsync(TimeSpan.Zero);
        (await idle.StatusAsync()).State.Should().Be(ContainerState.ContainerExited);
        await eater.StopAsync(TimeSpan.Zero);
        (await eater.StatusAsync()).ExitCode.Should().Be(137);
        await eater.RemoveAsync();
        await pod.StopAsync();
        await pod.RemoveAsync();

        await Eventually.PassesAsync(async () => (await FreeAsync()).Should().BeGreaterThan(before - Tolerance));
        await using var next = await Node.RunPodAsync();
        (await next.RunAsync("echo next")).Output.Should().Be("next\n");
    }

    [NodeFact]
    public async Task A_pod_that_cannot_be_recorded_is_refused_and_the_ends_of_others_are_not_lost()
    {
        await using var pod = await Node.RunPodAsync();
        var ending = await pod.StartAsync("while [ ! -e /shared/end ]; do usleep 50000; done; exit 7", config => config.Mounts.Add(new Mount { HostPath = Node.Folder.Shared, ContainerPath = "/shared" }));
        var filler = Path.Combine(Node.Folder.Root, "filler");
        await Node.Namespaces.RunAsync($"cat /dev/zero > '{filler}' 2>/dev/null || true");

        var large = Node.PodConfig();
        large.Annotations["large"] = new string('x', 15 << 20); // more than is ever kept in reserve
        var run = async () => await Node.RunPodAsync(large);
        var error = (await run.Should().ThrowAsync<RpcException>()).Which;
        Node.Log.Expect("no space left");

        error.StatusCode.Should().Be(StatusCode.ResourceExhausted, error.Status.Detail);
        error.Status.Detail.Should().Contain("no space left").And.Contain(Node.Folder.Root);
        (await Node.Cri.Runtime.ListPodSandboxAsync(new())).Items.Should().ContainSingle().Which.Id.Should().Be(pod.Id);
        await File.WriteAllTextAsync(Path.Combine(Node.Folder.Shared, "end"), "");
        (await ending.WaitForExitAsync()).ExitCode.Should().Be(7);
        await Node.CrashAndRestartAsync();
        (await ending.StatusAsync()).ExitCode.Should().Be(7);

        await Node.Namespaces.RunAsync($"rm '{filler}'");
        await using var next = await Node.RunPodAsync(large);
        (await next.RunAsync("echo next")).Output.Should().Be("next\n");
    }

    [NodeFact]
    public async Task The_daemon_starts_on_a_full_disk_so_that_it_can_be_freed()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("cat /dev/zero > /eaten; echo full; sleep 1000");
        await container.WaitForLogAsync("full");
        await Node.Daemon.TerminateAsync();
        await Node.Namespaces.RunAsync($"cat /dev/zero > '{Node.Folder.Root}/filler' 2>/dev/null || true");

        await Node.StartDaemonAsync();

        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);
        await pod.StopAsync();
        await pod.RemoveAsync();
        (await FreeAsync()).Should().BeGreaterThan(Tolerance);
        await Node.Namespaces.RunAsync($"rm '{Node.Folder.Root}/filler'");
    }

    private async Task PullFailsAsync(ImageLayer layer)
    {
        var pushed = await Node.PushAsync(TestImages.Unique("orlop/too-large") with { Layers = [.. TestImages.Busybox.Layers, layer] });
        var before = await FreeAsync();

        var error = await Node.Cri.Images.PullImageAsync(new() { Image = new ImageSpec { Image = pushed.Reference } }).ShouldFailWithAsync(StatusCode.ResourceExhausted);

        error.Status.Detail.Should().Contain(pushed.Reference).And.Contain("space");
        await Eventually.PassesAsync(async () => (await FreeAsync()).Should().BeGreaterThan(before - Tolerance));
        await using var pod = await Node.RunPodAsync();
        (await pod.RunAsync("echo runs", config => config.Image.Image = Node.Image(TestImages.Other).Reference)).Output.Should().Be("runs\n");
    }

    /// <summary>Bytes that are free on the disk of the daemon's root.</summary>
    private async Task<long> FreeAsync() =>
        long.Parse(await Node.Namespaces.RunAsync($"stat -f -c '%a' '{Node.Folder.Root}'"), System.Globalization.CultureInfo.InvariantCulture) * 4096;
}
