using System.Diagnostics;
using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.PluginContracts;
using Orlop.Windows.Tests.Support;

namespace Orlop.Windows.Tests.Backend;

public sealed class ContainerBehaviour : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SimulatedNode _node = new();

    [Fact]
    public async Task A_signal_that_is_ignored_returns_and_a_kill_gets_past_it()
    {
        _node.Service.Install("deaf.exe", async context =>
        {
            await context.Signal;
            await Task.Delay(Timeout.Infinite);
            return 0;
        });
        var (sandbox, container) = await RunAsync("deaf.exe");

        await container.SignalAsync("SIGTERM", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));
        container.Exit.IsCompleted.Should().BeFalse();
        await container.KillAsync(CancellationToken.None);

        (await container.Exit.WaitAsync(Patience)).ExitCode.Should().Be(-1);
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task An_exit_code_keeps_its_32_bits()
    {
        var (sandbox, container) = await RunAsync(SimulatedNode.WriterProgram, "x", "3221225786");

        (await container.Exit.WaitAsync(Patience)).ExitCode.Should().Be(-1073741510);
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task Pipes_that_something_else_holds_do_not_hold_the_exit_up()
    {
        _node.Service.Install("parent.exe", async context =>
        {
            await context.WriteLineAsync("from the parent");
            context.LeavePipesOpen();
            return 0;
        });
        string log = Path.Join(_node.Logs, "parent.log");

        var (sandbox, container) = await RunAsync(log, "parent.exe");
        await container.Exit.WaitAsync(Patience);

        (await File.ReadAllTextAsync(log)).Should().EndWith(" stdout F from the parent\r\n");
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task A_log_is_written_to_both_streams_and_reopened_after_a_rename()
    {
        var go = new TaskCompletionSource();
        _node.Service.Install("talker.exe", async context =>
        {
            await context.WriteErrorAsync("first\n");
            await go.Task;
            await context.WriteLineAsync("second");
            return 0;
        });
        string log = Path.Join(_node.Logs, "talker.log");
        var (sandbox, container) = await RunAsync(log, "talker.exe");
        await UntilAsync(() => new FileInfo(log).Length > 0);

        File.Move(log, log + ".1");
        await container.ReopenLogAsync(CancellationToken.None);
        go.SetResult();
        await container.Exit.WaitAsync(Patience);

        (await File.ReadAllTextAsync(log + ".1")).Should().MatchRegex("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z stderr F first\n$");
        (await File.ReadAllTextAsync(log)).Should().EndWith(" stdout F second\r\n");
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task Output_of_a_command_is_cut_at_its_limit()
    {
        var (sandbox, container) = await RunAsync(SimulatedNode.SleeperProgram);

        var result = await container.ExecAsync(new ExecSpec { Command = [SimulatedNode.WriterProgram, "0123456789", "0"], OutputLimit = 4 }, CancellationToken.None);

        Encoding.UTF8.GetString(result.Stdout.Span).Should().Be("0123");
        result.Stderr.Length.Should().Be(0);
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task Commands_in_flight_end_with_the_container()
    {
        var (sandbox, container) = await RunAsync(SimulatedNode.SleeperProgram);
        var command = container.ExecAsync(new ExecSpec { Command = [SimulatedNode.SleeperProgram] }, CancellationToken.None);

        await UntilAsync(() => _node.Service.Systems.Single().Processes.Count == 2);
        await EndAsync(sandbox);

        (await command.WaitAsync(Patience)).ExitCode.Should().Be(-1);
    }

    [Fact]
    public async Task What_ended_while_the_daemon_was_away_is_lost_and_says_so()
    {
        var pod = SimulatedNode.Pod();
        var sandbox = await _node.NewBackend().CreateSandboxAsync(pod, NoPhase.Instance, CancellationToken.None);
        var spec = _node.Container(pod.Id, null, SimulatedNode.SleeperProgram);
        await (await sandbox.CreateContainerAsync(spec, NoPhase.Instance, CancellationToken.None)).StartAsync(NoPhase.Instance, CancellationToken.None);
        var process = _node.Service.Systems.Single().Processes.Single();

        var backend = _node.Restart();
        process.Terminate();
        await process.Ended;
        var found = (await backend.RecoverAsync([new SandboxRecord(pod, [spec])], CancellationToken.None)).Single();

        found.LostReason.Should().BeNull();
        var exit = await found.Containers.Single().Container.Exit.WaitAsync(Patience);
        exit.Reason.Should().Be(ExitReason.Lost);
        exit.Message.Should().Contain("while the daemon was away");
        await EndAsync(found.Sandbox);
    }

    [Fact]
    public async Task An_exit_that_was_seen_is_known_after_a_restart()
    {
        var pod = SimulatedNode.Pod();
        var sandbox = await _node.NewBackend().CreateSandboxAsync(pod, NoPhase.Instance, CancellationToken.None);
        var spec = _node.Container(pod.Id, null, SimulatedNode.WriterProgram, "x", "9");
        var container = await sandbox.CreateContainerAsync(spec, NoPhase.Instance, CancellationToken.None);
        await container.StartAsync(NoPhase.Instance, CancellationToken.None);
        var seen = await container.Exit.WaitAsync(Patience);

        var found = (await _node.Restart().RecoverAsync([new SandboxRecord(pod, [spec])], CancellationToken.None)).Single();

        (await found.Containers.Single().Container.Exit).Should().Be(seen);
        await EndAsync(found.Sandbox);
    }

    [Fact]
    public async Task A_created_container_is_found_again_and_can_be_started()
    {
        var pod = SimulatedNode.Pod();
        var sandbox = await _node.NewBackend().CreateSandboxAsync(pod, NoPhase.Instance, CancellationToken.None);
        var spec = _node.Container(pod.Id, Path.Join(_node.Logs, "late.log"), SimulatedNode.WriterProgram, "late", "0");
        await sandbox.CreateContainerAsync(spec, NoPhase.Instance, CancellationToken.None);

        var found = (await _node.Restart().RecoverAsync([new SandboxRecord(pod, [spec])], CancellationToken.None)).Single();
        var container = found.Containers.Single();
        container.StartedAt.Should().BeNull();
        await container.Container.StartAsync(NoPhase.Instance, CancellationToken.None);
        await container.Container.Exit.WaitAsync(Patience);

        (await File.ReadAllTextAsync(spec.LogPath!)).Should().EndWith(" stdout F late\r\n");
        await EndAsync(found.Sandbox);
    }

    [Fact]
    public async Task A_container_that_was_being_started_is_ended_and_lost()
    {
        var pod = SimulatedNode.Pod();
        var sandbox = await _node.NewBackend().CreateSandboxAsync(pod, NoPhase.Instance, CancellationToken.None);
        var spec = _node.Container(pod.Id, null, SimulatedNode.SleeperProgram);
        await sandbox.CreateContainerAsync(spec, NoPhase.Instance, CancellationToken.None);
        _node.Service.Systems.Single().Start();

        var found = (await _node.Restart().RecoverAsync([new SandboxRecord(pod, [spec])], CancellationToken.None)).Single();

        (await found.Containers.Single().Container.Exit.WaitAsync(Patience)).Reason.Should().Be(ExitReason.Lost);
        await EndAsync(found.Sandbox);
    }

    [Fact]
    public async Task What_belongs_to_no_record_is_released()
    {
        await RunAsync(SimulatedNode.SleeperProgram);
        var backend = _node.Restart();
        await backend.RecoverAsync([], CancellationToken.None);

        await backend.ReconcileAsync(_ => false, CancellationToken.None);

        _node.Service.Systems.Should().BeEmpty();
        _node.Layers.Mounted.Should().BeEmpty();
        _node.Network.Count.Should().Be(0);
    }

    [Theory]
    [InlineData(NamespaceMode.Node)]
    public async Task The_nodes_network_is_refused(NamespaceMode mode)
    {
        var create = () => _node.NewBackend().CreateSandboxAsync(SimulatedNode.Pod() with { Network = mode }, NoPhase.Instance, CancellationToken.None);

        (await create.Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.Unimplemented);
    }

    public void Dispose()
    {
        _node.Session.Misuse.Should().BeEmpty();
        _node.Session.OpenHandles.Should().Be(0);
        _node.Service.Systems.Should().BeEmpty();
        _node.Dispose();
    }

    private static Task EndAsync(ISandbox sandbox) => sandbox.RemoveAsync(NoPhase.Instance, CancellationToken.None).WaitAsync(Patience);

    private static async Task UntilAsync(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience) throw new TimeoutException("the condition never came true");
            await Task.Delay(10);
        }
    }

    private Task<(ISandbox Sandbox, IContainer Container)> RunAsync(string program) => RunAsync(null, program);

    private Task<(ISandbox Sandbox, IContainer Container)> RunAsync(string program, string line, string code) => RunAsync(null, program, line, code);

    private async Task<(ISandbox Sandbox, IContainer Container)> RunAsync(string? log, params string[] command)
    {
        var sandbox = await _node.NewBackend().CreateSandboxAsync(SimulatedNode.Pod(), NoPhase.Instance, CancellationToken.None);
        var container = await sandbox.CreateContainerAsync(_node.Container(sandbox.Id, log, command), NoPhase.Instance, CancellationToken.None);
        await container.StartAsync(NoPhase.Instance, CancellationToken.None);
        return (sandbox, container);
    }
}
