using System.Globalization;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Plugins;
using Orlop.Linux.Sandboxes;
using Orlop.Linux.Syscalls;
using Orlop.Linux.Tests.Supervisor;
using Orlop.Testing;
using CgroupTree = Orlop.Testing.Machines.CgroupTree;

namespace Orlop.Linux.Tests.EndToEnd;

public sealed class RecoveryTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = Deadline.Seconds(30);

    private readonly TestNode _node = new();

    public Task InitializeAsync() => _node.InitializeAsync();

    public Task DisposeAsync() => _node.DisposeAsync();

    [SupervisorFact]
    public async Task What_runs_is_found_again_and_goes_on()
    {
        var (pod, record, before) = await RunAsync("sh", "-c", "trap 'exit 9' TERM; while true; do sleep 0.1; done");
        int? processId = before.ProcessId;

        RecoveredSandbox found = await RestartAsync(record);

        found.LostReason.Should().BeNull();
        found.Sandbox.Namespaces.Should().BeEquivalentTo(pod.Namespaces);
        found.Sandbox.SharedMounts.Should().BeEquivalentTo(pod.SharedMounts);
        IContainer container = found.Containers.Single().Container;
        found.Containers.Single().StartedAt.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        container.ProcessId.Should().Be(processId);
        (await container.ExecAsync(new ExecSpec { Command = ["true"] }, default)).ExitCode.Should().Be(0);
        await container.SignalAsync("SIGTERM", default);
        (await container.Exit.WaitAsync(Patience)).ExitCode.Should().Be(9);
        await found.Sandbox.RemoveAsync(TestNode.Silence.Instance, default);
    }

    [SupervisorFact]
    public async Task A_container_that_was_only_created_can_still_be_started()
    {
        SandboxSpec spec = TestNode.Pod();
        ISandbox pod = await _node.RunPodAsync(spec);
        ContainerSpec created = _node.Container(pod, "sh", "-c", "echo late") with { User = new UserRequest { ImageUser = "web" } };
        await pod.CreateContainerAsync(created, TestNode.Silence.Instance, default);

        RecoveredSandbox found = await RestartAsync(new SandboxRecord(spec, [created]));

        RecoveredContainer recovered = found.Containers.Single();
        recovered.StartedAt.Should().BeNull();
        recovered.Container.User.Should().BeEquivalentTo(new { Uid = 1000, Gid = 1000 });
        IContainer container = recovered.Container;
        await container.StartAsync(TestNode.Silence.Instance, default);
        (await container.Exit.WaitAsync(Patience)).ExitCode.Should().Be(0);
        TestNode.Output(created).Should().Be("late\n");
        await found.Sandbox.RemoveAsync(TestNode.Silence.Instance, default);
    }

    [SupervisorFact]
    public async Task What_ended_meanwhile_is_known_with_its_exit_code()
    {
        var (pod, record, ending) = await RunAsync("sh", "-c", "sleep 0.5; exit 6");
        using PidFd process = PidFd.Open(ending.ProcessId!.Value);
        ContainerSpec impossible = _node.Container(pod, "nope");
        IContainer failing = await pod.CreateContainerAsync(impossible, TestNode.Silence.Instance, default);
        Func<Task> start = () => failing.StartAsync(TestNode.Silence.Instance, default);
        await start.Should().ThrowAsync<RuntimeException>();
        await ((IPluginService)_node.Backend).StopAsync(default);
        await Gone(process);

        RecoveredSandbox found = await RecoverAsync(record with { Containers = [.. record.Containers, impossible] });

        (await found.Containers[0].Container.Exit.WaitAsync(Patience)).Should().BeEquivalentTo(new { ExitCode = 6, Reason = ExitReason.Error });
        (await found.Containers[1].Container.Exit.WaitAsync(Patience)).Should().BeEquivalentTo(new { ExitCode = 128, Reason = ExitReason.StartFailed });
        await found.Sandbox.RemoveAsync(TestNode.Silence.Instance, default);
    }

    [SupervisorFact]
    public async Task A_pod_whose_supervisor_died_is_lost_and_nothing_of_it_runs_on()
    {
        var (pod, _, container) = await RunAsync("sleep", "1000");
        using PidFd process = PidFd.Open(container.ProcessId!.Value);

        using (PidFd supervisor = PidFd.Open(((LinuxSandbox)pod).SupervisorProcessId)) supervisor.Signal(Signals.Kill);

        (await pod.Lost.WaitAsync(Patience)).Should().Contain("ended unexpectedly");
        (await container.Exit.WaitAsync(Patience)).Should().BeEquivalentTo(new { ExitCode = 255, Reason = ExitReason.Lost });
        await Gone(process);
        await pod.RemoveAsync(TestNode.Silence.Instance, default);
    }

    [SupervisorFact]
    public async Task The_first_of_the_processes_that_a_pod_shares_ends_with_its_supervisor()
    {
        ISandbox pod = await _node.RunPodAsync(TestNode.Pod() with { Pid = NamespaceMode.Pod });
        string path = pod.Namespaces.Single(one => one.Type == "pid").Path!; // /proc/PID/ns/pid
        using PidFd first = PidFd.Open(int.Parse(path.Split('/')[2], CultureInfo.InvariantCulture));
        first.Signal(0).Should().BeTrue();

        using (PidFd supervisor = PidFd.Open(((LinuxSandbox)pod).SupervisorProcessId)) supervisor.Signal(Signals.Kill);

        await Gone(first);
        await pod.Lost.WaitAsync(Patience);
        await pod.RemoveAsync(TestNode.Silence.Instance, default);
    }

    [SupervisorFact]
    public async Task A_supervisor_that_died_while_the_host_was_away_leaves_nothing_running()
    {
        var (pod, record, container) = await RunAsync("sleep", "1000");
        using PidFd process = PidFd.Open(container.ProcessId!.Value);
        int supervisorId = ((LinuxSandbox)pod).SupervisorProcessId;
        await ((IPluginService)_node.Backend).StopAsync(default);
        using (PidFd supervisor = PidFd.Open(supervisorId)) supervisor.Signal(Signals.Kill);
        Processes.Wait(supervisorId, wait: true, out _);

        RecoveredSandbox found = await RecoverAsync(record);

        found.LostReason.Should().NotBeNullOrEmpty();
        (await found.Containers.Single().Container.Exit).ExitCode.Should().Be(255);
        await Gone(process);
        await found.Sandbox.RemoveAsync(TestNode.Silence.Instance, default);
        File.Exists(NetworkPin.PathOf(record.Spec.Id)).Should().BeFalse();
    }

    [SupervisorFact]
    public async Task What_no_record_knows_is_released()
    {
        var (pod, record, container) = await RunAsync("sleep", "1000");
        using PidFd process = PidFd.Open(container.ProcessId!.Value);
        await ((IPluginService)_node.Backend).StopAsync(default);

        IExecutionBackend backend = _node.Restart();
        (await backend.RecoverAsync([], default)).Should().BeEmpty();
        await backend.ReconcileAsync(_ => false, default);

        await Gone(process);
        File.Exists(pod.NetworkNamespace).Should().BeFalse();
        Directory.GetDirectories($"{_node.Folder}/state/pods").Should().BeEmpty();
        Directory.Exists(CgroupTree.For("memory").Folder($"/orlop/{record.Spec.Id}")).Should().BeFalse();
    }

    [SupervisorFact]
    public async Task A_stopped_pod_is_not_lost()
    {
        var (pod, record, _) = await RunAsync("sleep", "1000");
        await pod.StopAsync(TestNode.Silence.Instance, default);

        RecoveredSandbox found = await RestartAsync(record);

        found.LostReason.Should().BeNull();
        (await found.Containers.Single().Container.Exit.WaitAsync(Patience)).ExitCode.Should().Be(137);
        await found.Sandbox.RemoveAsync(TestNode.Silence.Instance, default);
    }

    private async Task<(ISandbox Pod, SandboxRecord Record, IContainer Container)> RunAsync(params string[] command)
    {
        SandboxSpec spec = TestNode.Pod();
        ISandbox pod = await _node.RunPodAsync(spec);
        ContainerSpec container = _node.Container(pod, command);
        return (pod, new SandboxRecord(spec, [container]), await TestNode.StartAsync(pod, container));
    }

    private static async Task Gone(PidFd process)
    {
        for (int i = 0; i < 300 && process.Signal(0); i++) await Task.Delay(100);
        process.Signal(0).Should().BeFalse();
    }

    private async Task<RecoveredSandbox> RestartAsync(SandboxRecord record)
    {
        await ((IPluginService)_node.Backend).StopAsync(default);
        return await RecoverAsync(record);
    }

    private async Task<RecoveredSandbox> RecoverAsync(SandboxRecord record) => (await _node.Restart().RecoverAsync([record], default)).Should().ContainSingle().Subject;
}
