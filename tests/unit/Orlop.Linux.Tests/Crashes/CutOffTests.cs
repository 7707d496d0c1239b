using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Plugins;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Sandboxes;
using Orlop.Linux.Syscalls;
using Orlop.Linux.Tests.EndToEnd;
using Orlop.Linux.Tests.Supervisor;
using Orlop.Testing;

namespace Orlop.Linux.Tests.Crashes;

/// <summary>A host that is killed at any step of a pod's life, its supervisor too, and again while it cleans up after that.</summary>
public class CutOffTests : IAsyncLifetime
{
    private const int Endless = 1000; // more steps than a life has
    private const int Fewest = 12;    // and fewer: else nothing would have died

    private readonly TestNode _node;
    private readonly List<(DeadlyPhase Phase, Task Operation)> _dead = [];

    public CutOffTests()
        : this(new TestNode())
    {
    }

    protected CutOffTests(TestNode node) => _node = node;

    public Task InitializeAsync() => _node.InitializeAsync();

    public async Task DisposeAsync()
    {
        await BuryAsync();
        await _node.DisposeAsync();
    }

    [SupervisorFact]
    public virtual async Task A_host_that_dies_anywhere_finds_what_it_had_handed_out_and_releases_the_rest()
    {
        await foreach ((Life life, string at) in DeathsAsync())
        {
            RecoveredSandbox found = await RecoverAsync(life);
            if (life.Ready && !life.Stopping)
            {
                found.Containers.Select(one => one.Container.Id).Should().BeEquivalentTo(life.Containers.Select(one => one.Id), "it died at {0}", at);
                found.LostReason.Should().BeNull("it died at {0}", at);
                await _node.Backend.ReconcileAsync(life.Knows, default);
                new StateFolder(PathOf(life)).Containers().Should().BeEquivalentTo(life.Containers.Select(one => one.Id), "it died at {0}", at);
                foreach (RecoveredContainer container in found.Containers)
                {
                    if (container.StartedAt is null) await container.Container.StartAsync(TestNode.Silence.Instance, default);
                    (await container.Container.ExecAsync(new ExecSpec { Command = ["true"] }, default)).ExitCode.Should().Be(0);
                }
                IContainer another = await TestNode.StartAsync(found.Sandbox, _node.Container(found.Sandbox, "true"));
                (await another.Exit.WaitAsync(Deadline.Seconds(30))).ExitCode.Should().Be(0);
            }

            await found.Sandbox.RemoveAsync(TestNode.Silence.Instance, default);
            await ReleasedAsync(life, $"it died at {at}");
        }
    }

    [SupervisorFact]
    public virtual async Task A_supervisor_that_dies_with_its_host_leaves_nothing_running_and_nothing_behind()
    {
        await foreach ((Life life, string at) in DeathsAsync())
        {
            if (new StateFolder(PathOf(life)).ReadSandbox() is { SupervisorProcessId: > 0 and var pid })
            {
                if (PidFd.TryOpen(pid) is { } supervisor)
                    using (supervisor) supervisor.Signal(Signals.Kill);
                Processes.Wait(pid, wait: true, out _);
            }

            RecoveredSandbox found = await RecoverAsync(life);
            foreach (RecoveredContainer container in found.Containers) await container.Container.Exit.WaitAsync(Deadline.Seconds(30));
            await found.Sandbox.StopAsync(TestNode.Silence.Instance, default);
            await NothingRunsAsync(life, $"both died at {at}");

            await found.Sandbox.RemoveAsync(TestNode.Silence.Instance, default);
            await ReleasedAsync(life, $"both died at {at}");
        }
    }

    [SupervisorFact]
    public virtual async Task A_removal_that_is_cut_off_again_is_taken_up_by_the_next_host()
    {
        for (int step = 1; step < Endless; step++)
            for (int again = 1; again < Endless; again++)
            {
                var life = new Life();
                if (await DiesAsync(step, phase => LiveAsync(life, phase)) is not { } at)
                {
                    step.Should().BeGreaterThan(Fewest);
                    return;
                }
                RecoveredSandbox found = await RecoverAsync(life);
                life.Stopping = true;
                if (await DiesAsync(again, phase => RemoveAsync(found, phase)) is not { } then) break;

                string when = $"the first died at step {step}, {at}, the second at step {again}, {then}";
                RecoveredSandbox rest = await RecoverAsync(life);
                await rest.Sandbox.StopAsync(TestNode.Silence.Instance, default);
                foreach (RecoveredContainer container in rest.Containers.Where(one => life.Started.Contains(one.Container.Id))) await container.Container.Exit.WaitAsync(Deadline.Seconds(30));
                await rest.Sandbox.RemoveAsync(TestNode.Silence.Instance, default);
                await ReleasedAsync(life, when);
            }
    }

    /// <summary>A pod with two containers, of which one runs, from its creation to its removal.</summary>
    private async Task LiveAsync(Life life, DeadlyPhase phase)
    {
        ISandbox pod = await _node.Backend.CreateSandboxAsync(life.Spec, phase, default);
        life.Ready = true;
        IContainer running = await CreateAsync("sleep", "1000"), created = await CreateAsync("sleep", "1000");
        await running.StartAsync(phase, default);
        life.Started.Add(running.Id);
        life.Stopping = true;
        await pod.StopAsync(phase, default);
        await created.RemoveAsync(phase, default);
        life.Containers.RemoveAll(spec => spec.Id == created.Id);
        await pod.RemoveAsync(phase, default);

        async Task<IContainer> CreateAsync(params string[] command)
        {
            ContainerSpec spec = _node.Container(pod, command);
            IContainer container = await pod.CreateContainerAsync(spec, phase, default);
            life.Containers.Add(spec);
            return container;
        }
    }

    private static async Task RemoveAsync(RecoveredSandbox found, DeadlyPhase phase)
    {
        await found.Sandbox.StopAsync(phase, default);
        foreach (RecoveredContainer container in found.Containers) await container.Container.RemoveAsync(phase, default);
        await found.Sandbox.RemoveAsync(phase, default);
    }

    /// <summary>A life for each of its steps, in which the host died at that step.</summary>
    private async IAsyncEnumerable<(Life Life, string At)> DeathsAsync()
    {
        for (int step = 1; step < Endless; step++)
        {
            var life = new Life();
            if (await DiesAsync(step, phase => LiveAsync(life, phase)) is not { } at)
            {
                step.Should().BeGreaterThan(Fewest);
                yield break;
            }
            yield return (life, $"step {step}, {at}");
        }
    }

    /// <returns>The step at which the host died; null when the operation came to its end.</returns>
    private async Task<string?> DiesAsync(int step, Func<DeadlyPhase, Task> operation)
    {
        var phase = new DeadlyPhase(step);
        Task running = Task.Run(() => operation(phase));
        if (await Task.WhenAny(running, phase.Died).WaitAsync(Deadline.Seconds(60)) == running)
        {
            await running;
            return null;
        }
        _dead.Add((phase, running));
        await ((IPluginService)_node.Backend).StopAsync(default);
        return await phase.Died;
    }

    private async Task<RecoveredSandbox> RecoverAsync(Life life) =>
        (await _node.Restart().RecoverAsync([new SandboxRecord(life.Spec, life.Containers)], default)).Should().ContainSingle().Subject;

    /// <summary>The host's record is gone now, so whatever is left is nobody's.</summary>
    private async Task ReleasedAsync(Life life, string when)
    {
        await _node.Backend.ReconcileAsync(_ => false, default);
        await NothingRunsAsync(life, when);
        Directory.GetFileSystemEntries($"{_node.Folder}/state/pods").Should().BeEmpty(when);
        File.Exists(NetworkPin.PathOf(life.Spec.Id)).Should().BeFalse(when);
        foreach (CgroupHierarchy tree in CgroupLayout.Detect(_node.Cgroups).Hierarchies)
            Directory.Exists($"{tree.MountPoint}/orlop/{life.Spec.Id}").Should().BeFalse("{0}, {1}", tree.MountPoint, when);
        await BuryAsync();
    }

    /// <summary>What is killed may take a moment to go.</summary>
    private Task NothingRunsAsync(Life life, string when) => Eventually.PassesAsync(() =>
    {
        CgroupLayout layout = CgroupLayout.Detect(_node.Cgroups);
        new Cgroup(layout, $"/orlop/{life.Spec.Id}").Processes().Should().BeEmpty(when);
        new Cgroup(layout, CgroupPath.Supervisors).Processes()
            .Where(pid => CgroupFile.TryRead($"/proc/{pid}/cmdline") is { } line && line.Contains(PathOf(life), StringComparison.Ordinal)).Should().BeEmpty(when);
    });

    private async Task BuryAsync()
    {
        _dead.ForEach(one => one.Phase.Bury());
        foreach (var (_, operation) in _dead) await operation.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _dead.Clear();
    }

    private string PathOf(Life life) => StateFolder.PathOf($"{_node.Folder}/state/pods", life.Spec.Id);

    /// <summary>What the host's own records say of a pod.</summary>
    private sealed class Life
    {
        public SandboxSpec Spec { get; } = TestNode.Pod() with { Pid = NamespaceMode.Pod };

        public List<ContainerSpec> Containers { get; } = []; // with a spec: those whose creation has ended

        public HashSet<string> Started { get; } = [];

        public bool Ready { get; set; }

        public bool Stopping { get; set; }

        public bool Knows(string id) => id == Spec.Id || Containers.Any(one => one.Id == id);
    }
}

/// <summary>The same on the v2 tree.</summary>
public sealed class UnifiedCutOffTests() : CutOffTests(new UnifiedNode())
{
    [UnifiedFact]
    public override Task A_host_that_dies_anywhere_finds_what_it_had_handed_out_and_releases_the_rest() => base.A_host_that_dies_anywhere_finds_what_it_had_handed_out_and_releases_the_rest();

    [UnifiedFact]
    public override Task A_supervisor_that_dies_with_its_host_leaves_nothing_running_and_nothing_behind() => base.A_supervisor_that_dies_with_its_host_leaves_nothing_running_and_nothing_behind();

    [UnifiedFact]
    public override Task A_removal_that_is_cut_off_again_is_taken_up_by_the_next_host() => base.A_removal_that_is_cut_off_again_is_taken_up_by_the_next_host();
}
