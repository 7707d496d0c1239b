using System.Diagnostics;
using Orlop.Testing.Images;

namespace Orlop.NodeTests.Contract;

/// <summary>How a container is stopped; point 21 of the contract with the kubelet.</summary>
public sealed class StopContainer(Node node) : NodeTest(node)
{
    private const string TellSignal = "for s in TERM USR1 INT; do trap \"echo got $s; exit 0\" $s; done; echo ready; while :; do sleep 0.05; done";

    // Point 21.
    [NodeFact]
    public async Task Stop_sends_TERM_and_returns_after_the_exit()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync(TellSignal);
        await container.WaitForLogAsync("ready");

        await container.StopAsync(TimeSpan.FromSeconds(30));

        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerExited);
        (await container.FinishAsync()).Output.Should().EndWith("got TERM\n");
    }

    // Point 21.
    [NodeFact]
    public async Task The_image_chooses_the_stop_signal()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync(TellSignal, config => config.Image.Image = Node.Image(TestImages.StopByUsr1).Reference);
        await container.WaitForLogAsync("ready");
        (await container.StatusAsync()).StopSignal.Should().Be(Signal.Sigusr1);

        await container.StopAsync(TimeSpan.FromSeconds(30));

        (await container.FinishAsync()).Output.Should().EndWith("got USR1\n");
    }

    // Point 21.
    [NodeFact]
    public async Task The_request_chooses_the_stop_signal_before_the_image()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync(TellSignal, config =>
        {
            config.Image.Image = Node.Image(TestImages.StopByUsr1).Reference;
            config.StopSignal = Signal.Sigint;
        });
        await container.WaitForLogAsync("ready");
        (await container.StatusAsync()).StopSignal.Should().Be(Signal.Sigint);

        await container.StopAsync(TimeSpan.FromSeconds(30));

        (await container.FinishAsync()).Output.Should().EndWith("got INT\n");
    }

    // Point 21.
    [NodeFact]
    public async Task A_container_that_ignores_the_signal_is_killed_when_its_time_is_over()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("trap '' TERM; echo ready; while :; do sleep 1; done");
        await container.WaitForLogAsync("ready");
        var watch = Stopwatch.StartNew();

        await container.StopAsync(TimeSpan.FromSeconds(2));

        watch.Elapsed.Should().BeGreaterThan(TimeSpan.FromSeconds(1.9)).And.BeLessThan(Deadline.Seconds(20));
        var status = await container.StatusAsync();
        (status.State, status.ExitCode, status.Reason).Should().Be((ContainerState.ContainerExited, 137, "Error"));
    }

    // Point 21.
    [NodeFact]
    public async Task Without_time_it_is_killed_at_once()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync(TellSignal);
        await container.WaitForLogAsync("ready");

        await container.StopAsync(TimeSpan.Zero);

        var finished = await container.FinishAsync();
        finished.Status.ExitCode.Should().Be(137);
        finished.Output.Should().NotContain("got");
    }

    // Point 21.
    [NodeFact]
    public async Task A_second_stop_with_a_shorter_timeout_takes_effect()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("trap '' TERM; echo ready; while :; do sleep 1; done");
        await container.WaitForLogAsync("ready");

        var patient = container.StopAsync(TimeSpan.FromMinutes(5));
        await container.StopAsync(TimeSpan.Zero);

        await patient.WaitAsync(Deadline.Seconds(10));
        (await container.StatusAsync()).ExitCode.Should().Be(137);
    }

    // Point 21: a pod may ask for any number of seconds, also for more than a timer counts.
    [NodeTheory]
    [InlineData(5_184_000)]
    [InlineData(long.MaxValue)]
    public async Task A_grace_period_of_any_length_is_granted(long seconds)
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync(TellSignal);
        await container.WaitForLogAsync("ready");
        await Node.Cri.Runtime.StopContainerAsync(new() { ContainerId = container.Id, Timeout = seconds });
        (await container.FinishAsync()).Output.Should().EndWith("got TERM\n");

        var stubborn = await pod.StartAsync("trap '' TERM; echo ready; while :; do sleep 1; done");
        await stubborn.WaitForLogAsync("ready");
        var patient = Node.Cri.Runtime.StopContainerAsync(new() { ContainerId = stubborn.Id, Timeout = seconds }).ResponseAsync;
        await stubborn.StopAsync(TimeSpan.Zero);

        await patient.WaitAsync(Deadline.Seconds(10));
        (await stubborn.StatusAsync()).ExitCode.Should().Be(137);
    }

    // Point 21.
    [NodeFact]
    public async Task Stop_of_an_exited_container_keeps_its_exit()
    {
        await using var pod = await Node.RunPodAsync();
        var finished = await pod.RunAsync("exit 3");

        await Node.Cri.Runtime.StopContainerAsync(new() { ContainerId = finished.Status.Id, Timeout = 10 });

        (await Node.Cri.Runtime.ContainerStatusAsync(new() { ContainerId = finished.Status.Id })).Status.Should().Be(finished.Status);
    }

    // Point 21.
    [NodeFact]
    public async Task Grandchildren_end_with_the_container()
    {
        await using var pod = await Node.RunPodAsync(config => config.Linux.SecurityContext.NamespaceOptions.Pid = NamespaceMode.Pod);
        var container = await pod.StartAsync("setsid sh -c 'trap \"\" TERM HUP; sleep 987654' & echo ready; sleep 1000");
        await container.WaitForLogAsync("ready");
        var other = await pod.StartAsync("sleep 1000");
        (await other.ReadAsync("ps | grep '[9]87654' | wc -l")).Should().NotBe("0");

        await container.StopAsync(TimeSpan.Zero);

        await Eventually.PassesAsync(async () => (await other.ReadAsync("ps | grep '[s]leep 987654' | wc -l")).Should().Be("0"));
    }
}
