using System.Diagnostics;

namespace Orlop.NodeTests.Exec;

public sealed class ExecSync(Node node) : NodeTest(node)
{
    private const int Cap = 16 << 20;

    [NodeFact]
    public async Task Exec_gives_both_outputs_and_the_exit_code()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        var result = await container.ExecAsync("echo out; echo err >&2; exit 42");

        (result.Stdout.ToStringUtf8(), result.Stderr.ToStringUtf8(), result.ExitCode).Should().Be(("out\n", "err\n", 42));
    }

    [NodeFact]
    public async Task Exec_runs_as_the_container_does()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000", config =>
        {
            config.WorkingDir = "/home/default-user";
            config.Envs.Add(new KeyValue { Key = "VARIABLE", Value = Google.Protobuf.ByteString.CopyFromUtf8("value") });
            config.Linux.SecurityContext.RunAsUser = new Int64Value { Value = 1000 };
            config.Linux.SecurityContext.Capabilities.DropCapabilities.Add("ALL");
        });

        (await container.ReadAsync("pwd; echo $VARIABLE; id -u; hostname; grep CapEff /proc/self/status | cut -f2"))
            .Should().Be($"/home/default-user\nvalue\n1000\n{pod.Config.Hostname}\n0000000000000000");
    }

    [NodeFact]
    public async Task An_exec_over_its_time_fails_and_its_process_is_gone()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        var watch = Stopwatch.StartNew();

        await Node.Cri.Runtime.ExecSyncAsync(new() { ContainerId = container.Id, Cmd = { "/bin/sleep", "54321" }, Timeout = 1 })
            .ShouldFailWithAsync(StatusCode.DeadlineExceeded);

        watch.Elapsed.Should().BeLessThan(Deadline.Seconds(10));
        (await container.ReadAsync("ps | grep '[s]leep 54321' | wc -l")).Should().Be("0");
    }

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

    [NodeFact]
    public async Task Output_is_capped_and_the_program_runs_to_its_end()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        var result = await container.ExecAsync("head -c 20000000 /dev/zero; echo end >&2");

        result.Stdout.Length.Should().Be(Cap);
        (result.Stderr.ToStringUtf8(), result.ExitCode).Should().Be(("end\n", 0));
    }

    [NodeFact]
    public async Task A_program_that_is_not_there_is_an_error_with_its_name()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        var exec = async () => await Node.Cri.Runtime.ExecSyncAsync(new() { ContainerId = container.Id, Cmd = { "no-such-program" } });

        (await exec.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("no-such-program");
    }

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

    [NodeFact]
    public async Task Many_execs_at_once_keep_their_outputs_apart()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        var results = await Task.WhenAll(Enumerable.Range(0, 30).Select(async number => (number, await container.ReadAsync($"echo {number}; exit 0"))));

        results.Should().OnlyContain(result => result.Item2 == result.number.ToString());
    }

    [NodeFact]
    public async Task Exec_joins_the_container_cgroup()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000", config => config.Linux.Resources.MemoryLimitInBytes = 64 << 20);
        const string memoryCgroup = "grep -E ':memory:|^0::' /proc/{0}/cgroup | head -1";

        (await container.ReadAsync(string.Format(memoryCgroup, "self"))).Should().Be(await container.ReadAsync(string.Format(memoryCgroup, "1")));
    }
}
