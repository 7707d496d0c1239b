using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Crashes;

/// <summary>A supervisor that lives and answers nobody, as one that the kernel holds in a system call.</summary>
public sealed class HungSupervisors(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task A_pod_whose_supervisor_hangs_can_be_looked_at_stopped_and_removed()
    {
        await using var pod = await Node.RunPodAsync();
        await using var other = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        var created = await pod.CreateAsync("sleep 1000");
        Libc.Kill(SupervisorProcess.Find(pod), Signals.Stop);

        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);
        (await other.RunAsync("echo others go on")).Output.Should().Be("others go on\n");
        await container.StopAsync(TimeSpan.FromSeconds(1));

        var end = await container.StatusAsync();
        (end.State, end.ExitCode, end.Reason).Should().Be((ContainerState.ContainerExited, 255, "Unknown"));
        SupervisorProcess.Find(pod).Should().Be(0, "one that is silent is ended");
        await pod.StopAsync();
        (await created.StatusAsync()).State.Should().NotBe(ContainerState.ContainerRunning);
        await pod.RemoveAsync();
    }

    [NodeFact]
    public async Task A_supervisor_that_hangs_does_not_keep_the_daemon_from_starting()
    {
        await using var pod = await Node.RunPodAsync();
        await using var other = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        var neighbour = await other.StartAsync("sleep 1000");
        await Node.Daemon.KillAsync();
        Libc.Kill(SupervisorProcess.Find(pod), Signals.Stop);

        Node.LaunchDaemon();
        await Eventually.PassesAsync(async () => await Node.Cri.Runtime.StatusAsync(new()), Deadline.Seconds(60));

        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerExited);
        (await neighbour.ReadAsync("echo goes on")).Should().Be("goes on");
        await pod.StopAsync();
        await pod.RemoveAsync();
    }
}
