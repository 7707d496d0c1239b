using System.Diagnostics;

namespace Orlop.NodeTests.Contract;

/// <summary>Commands in a container; the ExecSync paragraph and point 46 of the contract with the kubelet.</summary>
public sealed class ExecSync(Node node) : NodeTest(node)
{
    private const int Cap = 16 << 20;

    // ExecSync: a non-zero exit is no error.
    [NodeFact]
    public async Task Exec_gives_both_outputs_and_the_exit_code()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        var result = await container.ExecAsync("echo out; echo err >&2; exit 42");

        (result.Stdout.ToStringUtf8(), result.Stderr.ToStringUtf8(), result.ExitCode).Should().Be(("out\n", "err\n", 42));
    }

    // ExecSync: the kubelet turns DeadlineExceeded into a failed probe, every other error into an unknown one.
    [NodeFact]
    public async Task An_exec_over_its_time_fails_and_its_process_is_gone()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        var watch = Stopwatch.StartNew();

        var exec = await Node.Cri.Runtime.ExecSyncAsync(new() { ContainerId = container.Id, Cmd = { "/bin/sh", "-c", "setsid sleep 54321 & sleep 54321; true" }, Timeout = 1 })
            .ShouldFailWithAsync(StatusCode.DeadlineExceeded);

        exec.Status.Detail.Should().Contain("/bin/sh").And.Contain("within 1 s");
        watch.Elapsed.Should().BeLessThan(Deadline.Seconds(10));
        (await container.ReadAsync("ps | grep '[s]leep 54321' | wc -l")).Should().Be("0");
    }

    // ExecSync.
    [NodeFact]
    public async Task Output_is_capped_and_the_program_runs_to_its_end()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        var result = await container.ExecAsync("head -c 20000000 /dev/zero; head -c 20000000 /dev/zero >&2; touch /end");

        result.Stdout.Length.Should().Be(Cap);
        result.Stderr.Length.Should().Be(Cap);
        result.ExitCode.Should().Be(0);
        (await container.ReadAsync("ls /end")).Should().Be("/end");
    }

    // ExecSync: 0 is no timeout.
    [NodeFact]
    public async Task Without_a_timeout_a_command_takes_its_time()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        (await container.ExecAsync("sleep 2; echo slept")).Stdout.ToStringUtf8().Should().Be("slept\n");
    }

    // ExecSync: a probe may ask for any number of seconds, also for more than a timer counts.
    [NodeTheory]
    [InlineData(5_184_000)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public async Task A_timeout_of_any_length_is_taken(long seconds)
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        (await container.ExecAsync("echo works", seconds)).Stdout.ToStringUtf8().Should().Be("works\n");
    }

    // ExecSync: nobody else could have its output.
    [NodeFact]
    public async Task A_command_ends_with_its_caller()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        using var leaving = new CancellationTokenSource();
        var exec = Node.Cri.Runtime.ExecSyncAsync(
            new() { ContainerId = container.Id, Cmd = { "/bin/sh", "-c", "touch /begun; sleep 65432; true" } }, cancellationToken: leaving.Token).ResponseAsync;
        await Eventually.PassesAsync(async () => await container.ReadAsync("ls /begun"));

        await leaving.CancelAsync();

        await ((Func<Task>)(() => exec)).ShouldFailWithAsync(StatusCode.Cancelled);
        await Eventually.PassesAsync(async () => (await container.ReadAsync("ps | grep '[s]leep 65432' | wc -l")).Should().Be("0"));
    }

    // Point 46: drained within seconds.
    [NodeFact]
    public async Task A_grandchild_that_keeps_the_output_open_does_not_hold_the_call()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        var watch = Stopwatch.StartNew();

        var result = await container.ExecAsync("echo before; setsid sleep 60 & exit 6");

        watch.Elapsed.Should().BeLessThan(Deadline.Seconds(10));
        (result.Stdout.ToStringUtf8(), result.ExitCode).Should().Be(("before\n", 6));
    }

    // Point 46.
    [NodeFact]
    public async Task Exec_needs_a_running_container_and_a_command()
    {
        await using var pod = await Node.RunPodAsync();
        var created = await pod.CreateAsync("sleep 1000");
        await ((Func<Task>)(() => created.ExecAsync("true"))).Should().ThrowAsync<RpcException>();
        var exited = await pod.StartAsync("true");
        await exited.WaitForExitAsync();
        await ((Func<Task>)(() => exited.ExecAsync("true"))).Should().ThrowAsync<RpcException>();

        var running = await pod.StartAsync("sleep 1000");
        await Node.Cri.Runtime.ExecSyncAsync(new() { ContainerId = running.Id }).ShouldFailWithAsync(StatusCode.InvalidArgument);
    }
}
