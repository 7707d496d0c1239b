using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.State;
using Orlop.Host.Tests.Engine.Fakes;
using Orlop.PluginContracts;

namespace Orlop.Host.Tests.Engine.Crashes;

/// <summary>A node whose daemon may end at any step: its records and its world stay, and a new daemon finds them.</summary>
internal sealed class CrashNode
{
    private readonly MemoryRecordStore _records = new();
    private readonly HashSet<string> _given = []; // ids that callers got
    private readonly HashSet<string> _removing = []; // ids that callers do not want any more
    private readonly Dictionary<string, int> _seen = []; // by id: the furthest state that anyone could see

    public CrashNode() => Boot();

    public FakeWorld World { get; } = new();

    /// <summary>The daemon that lives now.</summary>
    public EngineFixture Engine { get; private set; } = null!;

    public Steps Steps { get; private set; } = null!;

    /// <summary>Whether something failed here: what was to run may have been ended for that.</summary>
    public bool HasFailed { get; private set; }

    public string Pod { get; private set; } = "";

    /// <summary>The ids of the containers, by name.</summary>
    public Dictionary<string, string> Containers { get; } = [];

    public RuntimeSnapshot Snapshot => Engine.Runtime.Snapshot;

    /// <summary>Steps are counted from here on, and a fault strikes at one of them.</summary>
    public void Begin(string? at, Fault fault)
    {
        HasFailed |= fault is Fault.Once or Fault.Everything or Fault.DiskFull;
        Steps.Begin(at, fault);
    }

    /// <summary>A new daemon, however the earlier one ended; what it does is counted from its first step on.</summary>
    public async Task RestartAsync(string? at = null, Fault fault = Fault.CutOff)
    {
        See();
        Steps.CutOff();
        Boot();
        Begin(at, fault);
        await Engine.Runtime.Parts.Book.LoadAsync(CancellationToken.None);
        await new Recovery(Engine.Runtime, World.Clock).RunAsync(CancellationToken.None);
        await new Reconciler(Engine.Runtime, World.Clock).PassAsync(CancellationToken.None);
        await SettleAsync();
    }

    /// <summary>The container of that name in its world.</summary>
    public FakeContainer Real(string name) => World.Backend.Containers[Containers[name]];

    public async Task RunAsync(CancellationToken cancellationToken = default) =>
        _given.Add(Pod = await Engine.Runtime.RunSandboxAsync(EngineFixture.Pod(), cancellationToken));

    public async Task CreateAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = EngineFixture.Container(name) with { Mounts = [new MountRequest { ContainerPath = "/data", Image = "app", ReadOnly = true }] };
        _given.Add(Containers[name] = await Engine.Runtime.CreateContainerAsync(Pod, request, cancellationToken));
    }

    /// <summary>As a kubelet does: what runs or has ended is not started again, and what could not be started counts as ended.</summary>
    public async Task StartAsync(string name, CancellationToken cancellationToken = default)
    {
        if (StateOf(name) != ContainerState.Created) return;
        try
        {
            await Engine.Runtime.StartContainerAsync(Containers[name], cancellationToken);
        }
        catch (RuntimeException) when (StateOf(name) != ContainerState.Created)
        {
        }
    }

    public async Task EndAsync(string name, int code)
    {
        Real(name).End(code, ExitReason.Error);
        await SettleAsync();
    }

    public Task StopAsync(string name, TimeSpan grace, CancellationToken cancellationToken) => Engine.Runtime.StopContainerAsync(Containers[name], grace, cancellationToken);

    public Task RemoveContainerAsync(string name, CancellationToken cancellationToken = default)
    {
        _removing.Add(Containers[name]);
        return Engine.Runtime.RemoveContainerAsync(Containers[name], cancellationToken);
    }

    public Task RemovePodAsync(CancellationToken cancellationToken = default)
    {
        _removing.UnionWith([Pod, .. Containers.Values]);
        return Engine.Runtime.RemoveSandboxAsync(Pod, cancellationToken);
    }

    public void PodIs(SandboxState state) => Snapshot.VisibleSandboxes.Select(s => (s.Id, s.State)).Should().Equal((Pod, state));

    public void ContainerIs(string name, params ContainerState[] states) => StateOf(name).Should().BeOneOf(states);

    /// <summary>Whether an operation still works on something.</summary>
    public bool IsBusy =>
        Snapshot.Sandboxes.Values.Any(s => s.State == SandboxState.Creating)
        || Snapshot.Containers.Values.Any(c => c.State == ContainerState.Creating)
        || Engine.Runtime.Parts.Traces.Of(Pod).Any(t => t.IsRunning);

    /// <summary>Waits until all watches have done what they can.</summary>
    public async Task SettleAsync()
    {
        foreach (var container in Engine.Runtime.Pods.SelectMany(pod => pod.Containers).Where(c => c.Handle is { Exit.IsCompleted: true }))
        {
            await container.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Checks what holds at every time, once the daemon has looked after everything.</summary>
    public async Task CheckAsync()
    {
        await new Reconciler(Engine.Runtime, World.Clock).PassAsync(CancellationToken.None);
        await SettleAsync();
        See();
        var backend = World.Backend;
        foreach (var pod in Snapshot.VisibleSandboxes.Where(s => s.State == SandboxState.Ready))
        {
            (backend.Sandboxes[pod.Id] is { Removed: false, Stopped: false, LostReason: null }).Should().BeTrue("a ready pod lives");
            World.Network.Attachments.Should().Contain(pod.Id);
            pod.Addresses.Should().NotBeEmpty();
        }

        foreach (var container in Snapshot.VisibleContainers)
        {
            var real = backend.Containers.GetValueOrDefault(container.Id);
            (container.State == ContainerState.Running).Should().Be(real is { Removed: false, IsRunning: true }, $"what is said to be {container.State} runs or does not");
            if (real is { Exit.IsCompleted: true })
            {
                container.State.Should().Be(ContainerState.Exited);
                container.Exit!.ExitCode.Should().Be((await real.Exit).ExitCode);
            }

            if (container.State is ContainerState.Created or ContainerState.Running && !_removing.Contains(container.Id))
            {
                (real is { Removed: false }).Should().BeTrue("it is there");
                World.Snapshotter.Keys.Should().Contain([container.Id, $"{container.Id}-volume-0"]);
            }
        }

        Snapshot.VisibleSandboxes.Select(s => s.Id).Concat(Snapshot.VisibleContainers.Select(c => c.Id)).ToHashSet().IsSupersetOf(_given.Except(_removing)).Should().BeTrue("nothing that was handed out is lost");
        Snapshot.VisibleSandboxes.Should().HaveCountLessThanOrEqualTo(1);
        Snapshot.VisibleContainers.Select(c => c.Request.Name).Should().OnlyHaveUniqueItems();
        backend.Sandboxes.Values.Where(s => !s.Removed).Select(s => s.Id).Should().BeSubsetOf(Snapshot.Sandboxes.Keys, "what lives is on record");
        backend.Containers.Values.Where(c => !c.Removed).Select(c => c.Id).Should().BeSubsetOf(Snapshot.Containers.Keys, "what lives is on record");
        World.Network.Attachments.Should().BeSubsetOf(Snapshot.Sandboxes.Values.Where(s => s.Attached).Select(s => s.Id));
        World.Snapshotter.Keys.Select(key => key.Split('-')[0]).Should().BeSubsetOf(Snapshot.Containers.Keys);
    }

    /// <summary>Removes all that a kubelet sees, and checks that nothing is left.</summary>
    public async Task RemoveEverythingAsync()
    {
        foreach (var pod in Snapshot.VisibleSandboxes.ToList()) await Engine.Runtime.RemoveSandboxAsync(pod.Id, CancellationToken.None);
        await new Reconciler(Engine.Runtime, World.Clock).PassAsync(CancellationToken.None);
        _records.Keys.Should().BeEmpty();
        Engine.Runtime.Pods.Should().BeEmpty();
        World.Backend.Sandboxes.Values.Should().NotContain(s => !s.Removed);
        World.Backend.Containers.Values.Should().NotContain(c => !c.Removed);
        World.Network.Attachments.Should().BeEmpty();
        World.Snapshotter.Keys.Should().BeEmpty();
        await Engine.DisposeAsync();
    }

    private ContainerState StateOf(string name) => Snapshot.Containers[Containers[name]].State;

    private void Boot()
    {
        Steps = new Steps();
        Engine = new EngineFixture(_records, world: World, steps: Steps, hooks: new Hook());
    }

    /// <summary>Takes note of what can be seen: no state goes back.</summary>
    private void See()
    {
        foreach (var (id, state) in Snapshot.VisibleSandboxes.Select(s => (s.Id, (int)s.State)).Concat(Snapshot.VisibleContainers.Select(c => (c.Id, (int)c.State))))
        {
            state.Should().BeGreaterThanOrEqualTo(_seen.GetValueOrDefault(id));
            _seen[id] = state;
        }
    }

    private sealed class Hook : ILifecycleHook
    {
        public string Name => "test";
    }
}
