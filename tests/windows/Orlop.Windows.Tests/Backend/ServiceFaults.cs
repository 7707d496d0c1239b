using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.PluginContracts;
using Orlop.Windows.Interop;
using Orlop.Windows.Simulator;
using Orlop.Windows.Tests.Support;

namespace Orlop.Windows.Tests.Backend;

/// <summary>The service misbehaves; the backend does not.</summary>
public sealed class ServiceFaults : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SimulatedNode _node = new();

    [Theory]
    [InlineData(HResults.Pending)]
    [InlineData(HResults.OperationPending)]
    [InlineData(HResults.OperationTimeout)]
    public async Task A_termination_that_goes_on_is_waited_for(int hresult)
    {
        var (sandbox, container) = await RunAsync(SimulatedNode.SleeperProgram);
        _node.Service.Faults.Next("HcsTerminateComputeSystem", hresult, FaultEffect.DoneLater);

        await container.RemoveAsync(NoPhase.Instance, CancellationToken.None).WaitAsync(Patience);

        _node.Service.Systems.Should().BeEmpty();
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task A_termination_that_goes_on_is_waited_for_before_anything_is_started()
    {
        var sandbox = await _node.NewBackend().CreateSandboxAsync(SimulatedNode.Pod(), NoPhase.Instance, CancellationToken.None);
        var container = await sandbox.CreateContainerAsync(_node.Container(sandbox.Id, null, SimulatedNode.SleeperProgram), NoPhase.Instance, CancellationToken.None);
        _node.Service.Faults.Next("HcsTerminateComputeSystem", HResults.Pending, FaultEffect.DoneLater);

        await container.RemoveAsync(NoPhase.Instance, CancellationToken.None).WaitAsync(Patience);

        _node.Service.Systems.Should().BeEmpty();
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task No_handle_is_closed_under_a_slow_call()
    {
        _node.Service.Faults.Slow["HcsSignalProcess"] = TimeSpan.FromSeconds(3);
        var (sandbox, container) = await RunAsync(SimulatedNode.SleeperProgram);

        await container.SignalAsync("SIGTERM", CancellationToken.None);
        await container.RemoveAsync(NoPhase.Instance, CancellationToken.None).WaitAsync(Patience);

        _node.Session.Misuse.Should().BeEmpty();
        await EndAsync(sandbox);
    }

    [Theory]
    [InlineData(HResults.AccessDenied)]
    [InlineData(HResults.ProcessAlreadyStopped)]
    [InlineData(unchecked((int)0xC0370110))]
    public async Task A_kill_of_what_is_on_its_way_out_is_done(int hresult)
    {
        var (sandbox, container) = await RunAsync(SimulatedNode.SleeperProgram);
        _node.Service.Faults.Next("HcsTerminateProcess", hresult, FaultEffect.Done);

        await container.KillAsync(CancellationToken.None);

        (await container.Exit.WaitAsync(Patience)).Reason.Should().Be(ExitReason.Error);
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task A_process_that_ends_before_anybody_listens_keeps_its_exit_code()
    {
        _node.Service.Faults.ExitBeforeCallback = true;

        var (sandbox, container) = await RunAsync(SimulatedNode.WriterProgram, "x", "7");

        (await container.Exit.WaitAsync(Patience)).ExitCode.Should().Be(7);
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task Events_that_come_twice_count_once()
    {
        _node.Service.Faults.EventsTwice = true;

        var (sandbox, container) = await RunAsync(SimulatedNode.WriterProgram, "x", "7");

        (await container.Exit.WaitAsync(Patience)).ExitCode.Should().Be(7);
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task An_exit_event_without_data_is_asked_for()
    {
        _node.Service.Faults.ProcessEventsEmpty = true;
        var (sandbox, container) = await RunAsync(SimulatedNode.SleeperProgram);

        await container.SignalAsync("SIGTERM", CancellationToken.None);

        (await container.Exit.WaitAsync(Patience)).ExitCode.Should().Be(unchecked((int)SimulatedNode.ControlExit));
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task A_lost_exit_event_does_not_hold_a_removal_up()
    {
        _node.Service.Faults.ProcessEventsLost = true;
        var (sandbox, container) = await RunAsync(SimulatedNode.SleeperProgram);

        await container.RemoveAsync(NoPhase.Instance, CancellationToken.None).WaitAsync(Patience);

        (await container.Exit).Reason.Should().Be(ExitReason.Lost);
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task When_the_service_goes_nobody_knows_how_its_containers_ended()
    {
        var (sandbox, container) = await RunAsync(SimulatedNode.SleeperProgram);

        await _node.Service.CrashAsync();

        var exit = await container.Exit.WaitAsync(Patience);
        exit.Reason.Should().Be(ExitReason.Lost);
        exit.ExitCode.Should().Be(255);
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task A_refused_document_is_told_and_leaves_nothing_behind()
    {
        var backend = _node.NewBackend();
        var sandbox = await backend.CreateSandboxAsync(SimulatedNode.Pod(), NoPhase.Instance, CancellationToken.None);
        _node.Service.Faults.Next("HcsCreateComputeSystem", HResults.ImageMismatch);

        var create = () => sandbox.CreateContainerAsync(_node.Container(sandbox.Id, null, SimulatedNode.SleeperProgram), NoPhase.Instance, CancellationToken.None);

        var error = (await create.Should().ThrowAsync<RuntimeException>()).Which;
        error.Kind.Should().Be(ErrorKind.InvalidArgument);
        error.Message.Should().Contain("os.version");
        _node.Layers.Mounted.Should().BeEmpty();
        await EndAsync(sandbox);
    }

    [Fact]
    public async Task A_cancelled_creation_leaves_nothing_behind()
    {
        var sandbox = await _node.NewBackend().CreateSandboxAsync(SimulatedNode.Pod(), NoPhase.Instance, CancellationToken.None);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var create = () => sandbox.CreateContainerAsync(_node.Container(sandbox.Id, null, SimulatedNode.SleeperProgram), NoPhase.Instance, cancelled.Token);

        await create.Should().ThrowAsync<OperationCanceledException>();
        _node.Layers.Mounted.Should().BeEmpty();
        _node.Service.Systems.Should().BeEmpty();
        await EndAsync(sandbox);
    }

    public void Dispose()
    {
        _node.Session.Misuse.Should().BeEmpty();
        _node.Session.OpenHandles.Should().Be(0);
        _node.Network.Count.Should().Be(0);
        _node.Layers.Mounted.Should().BeEmpty();
        _node.Dispose();
    }

    private static Task EndAsync(ISandbox sandbox) => sandbox.RemoveAsync(NoPhase.Instance, CancellationToken.None).WaitAsync(Patience);

    private async Task<(ISandbox Sandbox, IContainer Container)> RunAsync(params string[] command)
    {
        var sandbox = await _node.NewBackend().CreateSandboxAsync(SimulatedNode.Pod(), NoPhase.Instance, CancellationToken.None);
        var container = await sandbox.CreateContainerAsync(_node.Container(sandbox.Id, null, command), NoPhase.Instance, CancellationToken.None);
        await container.StartAsync(NoPhase.Instance, CancellationToken.None);
        return (sandbox, container);
    }
}
