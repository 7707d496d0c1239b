using Orlop.Testing.Images;
using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Restarts;

public sealed class DaemonRestarts(Node node) : NodeTest(node)
{
    private const string Count = "i=0; while :; do i=$((i + 1)); echo line $i; usleep 20000; done";

    public enum End
    {
        /// <summary>SIGTERM.</summary>
        Graceful,

        /// <summary>SIGKILL.</summary>
        Crash,
    }

    [NodeTheory]
    [InlineData(End.Graceful)]
    [InlineData(End.Crash)]
    public async Task Pods_containers_and_images_are_as_before(End end)
    {
        await using var pod = await Node.RunPodAsync();
        await using var stopped = await Node.RunPodAsync();
        var running = await pod.StartAsync("sleep 1000");
        var created = await pod.CreateAsync("echo started after all");
        var exited = await pod.RunAsync("exit 9");
        await stopped.StopAsync();
        var before = await StateAsync();

        await RestartAsync(end);

        (await StateAsync()).Should().BeEquivalentTo(before);
        (await pod.StatusAsync()).Network.Ip.Should().NotBeEmpty();
        (await Node.Cri.Runtime.ContainerStatusAsync(new() { ContainerId = exited.Status.Id })).Status.Should().Be(exited.Status);
        (await running.ReadAsync("echo exec works")).Should().Be("exec works");
        await created.StartAsync();
        (await created.FinishAsync()).Output.Should().Be("started after all\n");
        (await pod.RunAsync("echo new container")).Output.Should().Be("new container\n");
        await running.StopAsync(TimeSpan.Zero);
        (await running.StatusAsync()).ExitCode.Should().Be(137);
    }

    [NodeTheory]
    [InlineData(End.Graceful)]
    [InlineData(End.Crash)]
    public async Task An_exit_while_nobody_looks_is_told_with_its_code(End end)
    {
        await using var pod = await Node.RunPodAsync();
        var gate = Path.Combine(Node.Folder.Shared, Guid.NewGuid().ToString("N"));
        var container = await pod.StartAsync($"while ! [ -e /shared/{Path.GetFileName(gate)} ]; do usleep 20000; done; echo last words; exit 77", config =>
            config.Mounts.Add(new Mount { HostPath = Node.Folder.Shared, ContainerPath = "/shared" }));

        await EndAsync(end);
        await File.WriteAllTextAsync(gate, "");
        await container.WaitForLogAsync("last words");
        await Node.StartDaemonAsync();

        var status = await container.WaitForExitAsync();
        (status.ExitCode, status.Reason).Should().Be((77, "Error"));
        status.FinishedAt.Should().BeGreaterThan(status.StartedAt);
    }

    [NodeTheory]
    [InlineData(End.Graceful)]
    [InlineData(End.Crash)]
    public async Task Logs_go_on_without_a_gap(End end)
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync(Count);
        await container.WaitForLogAsync("line 3\n");

        await RestartAsync(end);
        var seen = container.Log().Count;
        await Eventually.PassesAsync(() => container.Log().Count.Should().BeGreaterThan(seen + 5));
        File.Move(container.LogPath, container.LogPath + ".1");
        await Node.Cri.Runtime.ReopenContainerLogAsync(new() { ContainerId = container.Id });
        await Eventually.PassesAsync(() => container.Log().Count.Should().BeGreaterThan(2));
        await container.StopAsync(TimeSpan.Zero);

        var lines = LogLine.ParseFile(container.LogPath + ".1").Concat(container.Log()).Select(line => line.Text).ToList();
        lines.Should().Equal(Enumerable.Range(1, lines.Count).Select(number => $"line {number}"));
    }

    [NodeFact]
    public async Task A_supervisor_that_was_killed_leaves_no_container_running_for_ever()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        var cgroup = await Resources.ContainerCgroup.OfAsync(container);
        await Node.Daemon.KillAsync();
        foreach (var pid in CgroupTree.Processes(cgroup.Path("memory")))
        {
            Libc.Kill(pid, Signals.Kill);
        }

        await Node.StartDaemonAsync();

        var status = await container.WaitForExitAsync(Deadline.Seconds(90));
        status.ExitCode.Should().BeOneOf(137, 255);
        await container.RemoveAsync();
    }

    [NodeFact]
    public async Task A_pull_that_was_cut_off_can_be_repeated()
    {
        var pushed = await Node.PushAsync(TestImages.Unique("unique/cut-off"));
        var pull = Node.Cri.Images.PullImageAsync(new() { Image = new() { Image = pushed.Reference } });

        await RestartAsync(End.Crash);

        try
        {
            await pull;
        }
        catch (RpcException exception)
        {
            exception.StatusCode.Should().BeOneOf(StatusCode.Unavailable, StatusCode.Internal, StatusCode.Cancelled);
        }

        await using var pod = await Node.RunPodAsync();
        (await pod.RunAsync("echo runs", config => config.Image.Image = pushed.Reference)).Output.Should().Be("runs\n");
    }

    private async Task RestartAsync(End end)
    {
        await EndAsync(end);
        await Node.StartDaemonAsync();
    }

    private async Task EndAsync(End end)
    {
        if (end is End.Crash)
        {
            await Node.Daemon.KillAsync();
            return;
        }

        (await Node.Daemon.TerminateAsync()).Should().Be(0);
    }

    /// <summary>Everything that a kubelet compares.</summary>
    private async Task<object> StateAsync()
    {
        var sandboxes = (await Node.Cri.Runtime.ListPodSandboxAsync(new())).Items;
        var containers = (await Node.Cri.Runtime.ListContainersAsync(new())).Containers;
        var sandboxStatuses = await Task.WhenAll(sandboxes.Select(async sandbox => (await Node.Cri.Runtime.PodSandboxStatusAsync(new() { PodSandboxId = sandbox.Id })).Status));
        var containerStatuses = await Task.WhenAll(containers.Select(async container => (await Node.Cri.Runtime.ContainerStatusAsync(new() { ContainerId = container.Id })).Status));
        var images = (await Node.Cri.Images.ListImagesAsync(new())).Images;
        return new
        {
            Sandboxes = sandboxes.Select(item => item.ToString()),
            Containers = containers.Select(item => item.ToString()),
            SandboxStatuses = sandboxStatuses.Select(item => item.ToString()),
            ContainerStatuses = containerStatuses.Select(item => item.ToString()),
            Images = images.Select(item => item.ToString()),
        };
    }
}
