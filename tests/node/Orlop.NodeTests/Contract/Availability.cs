using System.Diagnostics;
using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Contract;

/// <summary>Answers while the daemon starts; point 8 of the contract with the kubelet.</summary>
public sealed class Availability(Node node) : NodeTest(node)
{
    // Point 8: a supervisor that does not answer holds the start up for as long as the test looks.
    [NodeFact]
    public async Task Calls_before_the_start_is_done_are_Unavailable_at_once()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        var supervisor = await SupervisorAsync(container);
        await Node.Daemon.KillAsync();
        Libc.Kill(supervisor, Signals.Stop);
        var starting = default(Task);
        try
        {
            starting = Node.StartDaemonAsync();
            await Eventually.PassesAsync(async () => await Node.Cri.Runtime.VersionAsync(new(), deadline: DateTime.UtcNow + Deadline.Seconds(5)));
            var watch = Stopwatch.StartNew();

            var error = await Node.Cri.Runtime.ListPodSandboxAsync(new()).ShouldFailWithAsync(StatusCode.Unavailable);
            await Node.Cri.Runtime.StatusAsync(new()).ShouldFailWithAsync(StatusCode.Unavailable);
            await Node.Cri.Runtime.RunPodSandboxAsync(new() { Config = Node.PodConfig() }).ShouldFailWithAsync(StatusCode.Unavailable);
            await Node.Cri.Images.ListImagesAsync(new()).ShouldFailWithAsync(StatusCode.Unavailable);

            watch.Elapsed.Should().BeLessThan(Deadline.Seconds(5));
            error.Status.Detail.Should().Contain("starting");
        }
        finally
        {
            Libc.Kill(supervisor, Signals.Continue);
        }

        await starting;
        (await pod.StatusAsync()).State.Should().Be(PodSandboxState.SandboxReady);
        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);
    }

    private static async Task<int> SupervisorAsync(PodContainer container)
    {
        var cgroup = await Resources.ContainerCgroup.OfAsync(container);
        var process = CgroupTree.Processes(cgroup.Path("memory")).Single();
        return int.Parse(File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..]);
    }
}
