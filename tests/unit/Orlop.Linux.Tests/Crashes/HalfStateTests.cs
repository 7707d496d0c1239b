using System.Diagnostics;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Plugins;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Containers;
using Orlop.Linux.Protocol;
using Orlop.Linux.Sandboxes;
using Orlop.Linux.Syscalls;
using Orlop.Linux.Tests.EndToEnd;
using Orlop.Linux.Tests.Supervisor;
using Orlop.Testing;

namespace Orlop.Linux.Tests.Crashes;

/// <summary>What a crash or a full disk leaves between two effects of one operation, made by hand.</summary>
public sealed class HalfStateTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = Deadline.Seconds(30);

    private readonly TestNode _node = new();
    private readonly SandboxSpec _spec = TestNode.Pod();
    private LinuxSandbox _pod = null!;

    public async Task InitializeAsync()
    {
        await _node.InitializeAsync();
        if (new SupervisorFactAttribute().Skip is null) _pod = (LinuxSandbox)await _node.RunPodAsync(_spec);
    }

    public Task DisposeAsync() => _node.DisposeAsync();

    [SupervisorFact]
    public async Task A_pod_whose_stop_cannot_be_recorded_is_stopped_nevertheless()
    {
        IContainer container = await TestNode.StartAsync(_pod, _node.Container(_pod, "sleep", "1000"));
        using PidFd supervisor = PidFd.Open(_pod.SupervisorProcessId);
        FailWrites("pod.json");

        await _pod.StopAsync(TestNode.Silence.Instance, default);

        (await container.Exit.WaitAsync(Patience)).ExitCode.Should().Be(137);
        supervisor.Signal(0).Should().BeFalse();
        await _pod.RemoveAsync(TestNode.Silence.Instance, default);
        _pod.Folder.Exists.Should().BeFalse();
    }

    [SupervisorFact]
    public async Task A_container_whose_failed_start_cannot_be_recorded_has_failed_nevertheless()
    {
        ContainerSpec spec = _node.Container(_pod, "nope");
        IContainer container = await _pod.CreateContainerAsync(spec, TestNode.Silence.Instance, default);
        FailWrites($"containers/{spec.Id}.json");

        Func<Task> start = () => container.StartAsync(TestNode.Silence.Instance, default);

        (await start.Should().ThrowAsync<RuntimeException>()).WithMessage("*nope*");
        (await container.Exit.WaitAsync(Patience)).Should().BeEquivalentTo(new { ExitCode = 128, Reason = ExitReason.StartFailed });
    }

    [SupervisorFact]
    public async Task An_end_that_is_not_on_record_in_a_stopped_pod_is_an_end()
    {
        ContainerSpec spec = _node.Container(_pod, "sleep", "1000");
        IContainer container = await TestNode.StartAsync(_pod, spec);
        await _pod.StopAsync(TestNode.Silence.Instance, default);
        await container.Exit.WaitAsync(Patience);
        File.Delete($"{_pod.Folder.Path}/{ExitRecord.Folder}/{spec.Id}");

        RecoveredSandbox found = await RestartAsync(spec);

        found.LostReason.Should().BeNull();
        (await found.Containers.Single().Container.Exit.WaitAsync(Patience)).Should().BeEquivalentTo(new { ExitCode = 255, Reason = ExitReason.Lost });
    }

    [SupervisorFact]
    public async Task What_was_being_started_while_its_pod_was_stopped_does_not_run_on()
    {
        ContainerSpec spec = _node.Container(_pod, "sleep", "1000");
        IContainer container = await TestNode.StartAsync(_pod, spec);
        using PidFd process = PidFd.Open(container.ProcessId!.Value);
        await ((IPluginService)_node.Backend).StopAsync(default);
        _pod.Folder.Write(_pod.Folder.ReadSandbox()! with { Stopped = true });

        RecoveredSandbox found = await RecoverAsync(spec);

        found.LostReason.Should().BeNull();
        await found.Containers.Single().Container.Exit.WaitAsync(Patience);
        await Eventually.PassesAsync(() => process.Signal(0).Should().BeFalse());
    }

    [SupervisorFact]
    public async Task A_supervisor_that_is_not_on_record_and_does_not_end_by_itself_is_ended()
    {
        using PidFd supervisor = PidFd.Open(_pod.SupervisorProcessId);
        _pod.Folder.Write(_pod.Folder.ReadSandbox()! with { SupervisorProcessId = 0, SupervisorStartTicks = 0 });

        RecoveredSandbox found = await RestartAsync();

        found.LostReason.Should().NotBeNull();
        supervisor.Signal(0).Should().BeFalse();
        await found.Sandbox.RemoveAsync(TestNode.Silence.Instance, default);
    }

    [SupervisorFact]
    public async Task A_process_that_enters_its_cgroup_after_its_pod_was_lost_ends_with_the_stop_of_the_pod()
    {
        ContainerSpec spec = _node.Container(_pod, "sleep", "1000");
        await TestNode.StartAsync(_pod, spec);
        await ((IPluginService)_node.Backend).StopAsync(default);
        using (PidFd supervisor = PidFd.Open(_pod.SupervisorProcessId)) supervisor.Signal(Signals.Kill);
        RecoveredSandbox found = await RecoverAsync(spec);
        found.LostReason.Should().NotBeNull();
        using var late = Process.Start("sleep", "1000");
        await Eventually.PassesAsync(() =>
        {
            // The first try may meet the removal of the cgroup after the container's end.
            Cgroup cgroup = LinuxContainer.CgroupOf(_pod, spec.Id);
            cgroup.Create();
            cgroup.Enter(late.Id);
        });

        await found.Sandbox.StopAsync(TestNode.Silence.Instance, default);

        await late.WaitForExitAsync().WaitAsync(Patience);
        late.ExitCode.Should().Be(137);
    }

    [SupervisorFact]
    public async Task A_container_whose_removal_lost_all_but_its_own_file_is_released()
    {
        ContainerSpec spec = _node.Container(_pod, "true");
        IContainer container = await TestNode.StartAsync(_pod, spec);
        await container.Exit.WaitAsync(Patience);
        await LinuxContainer.CgroupOf(_pod, spec.Id).RemoveAsync(TimeProvider.System, default);
        await _pod.RequireClient().RequestAsync(MessageKind.Forget, spec.Id, default);

        RecoveredSandbox found = await RestartAsync();
        await _node.Backend.ReconcileAsync(id => id == _spec.Id, default);

        _pod.Folder.Containers().Should().BeEmpty();
        found.LostReason.Should().BeNull();
        Directory.GetFiles($"{_pod.Folder.Path}/{ExitRecord.Folder}").Should().BeEmpty();
    }

    /// <summary>What is written in place of a file and then renamed cannot be opened: as on a full disk.</summary>
    private void FailWrites(string file) => Directory.CreateDirectory($"{_pod.Folder.Path}/{file}.new");

    private async Task<RecoveredSandbox> RestartAsync(params ContainerSpec[] containers)
    {
        await ((IPluginService)_node.Backend).StopAsync(default);
        return await RecoverAsync(containers);
    }

    private async Task<RecoveredSandbox> RecoverAsync(params ContainerSpec[] containers) =>
        (await _node.Restart().RecoverAsync([new SandboxRecord(_spec, containers)], default)).Should().ContainSingle().Subject;
}
