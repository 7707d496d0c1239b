using Orlop.Abstractions.Execution;
using Orlop.Host.Engine;
using Orlop.Host.Engine.Model;
using Orlop.Host.Tests.Engine.Fakes;

namespace Orlop.Host.Tests.Engine;

public sealed class ReconcilerTests : IAsyncDisposable
{
    private readonly EngineFixture _engine = new();

    [Fact]
    public async Task It_looks_at_start_and_every_minute()
    {
        int passes = 0;
        var passed = new SemaphoreSlim(0);
        _engine.Backend.Reconcile = _ =>
        {
            passes++;
            passed.Release();
            return Task.CompletedTask;
        };
        using var stop = new CancellationTokenSource();
        var running = Reconciler.RunAsync(stop.Token);
        await passed.WaitAsync();

        _engine.Clock.Advance(TimeSpan.FromSeconds(59));
        passes.Should().Be(1);
        _engine.Clock.Advance(TimeSpan.FromSeconds(1));
        await passed.WaitAsync();
        _engine.Clock.Advance(TimeSpan.FromMinutes(1));
        await passed.WaitAsync();

        passes.Should().Be(3);
        await stop.CancelAsync();
        await running.Awaiting(r => r).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task What_has_a_record_is_known_also_while_it_is_being_made()
    {
        string pod = await _engine.RunAsync();
        string made = await _engine.CreateAsync(pod);
        var making = new TaskCompletionSource<string>();
        var go = new TaskCompletionSource();
        _engine.Backend.BeforeCreateContainer = async (spec, _) =>
        {
            making.SetResult(spec.Id);
            await go.Task;
        };
        var creating = _engine.CreateAsync(pod, EngineFixture.Container("second"));
        string half = await making.Task;
        var known = new Dictionary<string, bool>();
        _engine.Backend.Reconcile = isKnown =>
        {
            foreach (string id in (string[])[pod, made, half, "stranger"]) known[id] = isKnown(id);
            return Task.CompletedTask;
        };

        await Reconciler.PassAsync(CancellationToken.None);
        go.SetResult();
        await creating;

        known.Should().Equal(new Dictionary<string, bool> { [pod] = true, [made] = true, [half] = true, ["stranger"] = false });
        _engine.Snapshotter.Keys.Should().BeEquivalentTo([made, half]);
        _engine.Network.IsLiving!(pod).Should().BeTrue();
        _engine.Network.IsLiving("stranger").Should().BeFalse();
    }

    [Fact]
    public async Task A_snapshot_of_no_container_is_removed()
    {
        await _engine.Snapshotter.PrepareAsync("stranger", null, readOnly: false, null!, CancellationToken.None);

        await Reconciler.PassAsync(CancellationToken.None);

        _engine.Snapshotter.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task A_lost_sandbox_gives_its_addresses_back_and_a_failure_is_tried_again()
    {
        string pod = await _engine.RunAsync();
        _engine.Backend.Sandboxes[pod].Lose("its supervisor was killed");
        await _engine.UntilSandboxAsync(pod, e => e.State == SandboxState.NotReady);
        _engine.Network.FailDetach = true;

        await Reconciler.PassAsync(CancellationToken.None);
        _engine.Runtime.Snapshot.Sandboxes[pod].Attached.Should().BeTrue();
        _engine.Network.FailDetach = false;
        await Reconciler.PassAsync(CancellationToken.None);
        await Reconciler.PassAsync(CancellationToken.None);

        _engine.Network.Detached.Should().Equal(pod);
        _engine.Runtime.Snapshot.Sandboxes[pod].Should().BeEquivalentTo(new { State = SandboxState.NotReady, Attached = false, Addresses = Array.Empty<string>() });
    }

    [Fact]
    public async Task An_end_that_could_not_be_written_down_is_written_down_later()
    {
        string pod = await _engine.RunAsync();
        var container = await _engine.StartAsync(pod);
        _engine.Records.Committing = _ => throw new IOException("no space left on device");
        container.End(7, ExitReason.Error);
        await Task.WhenAny(_engine.Runtime.Pods.Single().Containers.Single().Ended);

        await Reconciler.PassAsync(CancellationToken.None);
        _engine.Runtime.Snapshot.Containers[container.Id].State.Should().Be(ContainerState.Running);
        _engine.Records.Committing = null;
        await Reconciler.PassAsync(CancellationToken.None);

        _engine.Runtime.Snapshot.Containers[container.Id].Should().BeEquivalentTo(new { State = ContainerState.Exited, Exit = new { ExitCode = 7 } });
    }

    [Fact]
    public async Task A_start_that_could_not_be_written_down_is_ended_and_that_is_written_down_later()
    {
        string pod = await _engine.RunAsync();
        string id = await _engine.CreateAsync(pod);
        _engine.Records.Committing = _ => throw new IOException("no space left on device");

        await _engine.Awaiting(e => e.Runtime.StartContainerAsync(id, CancellationToken.None)).Should().ThrowAsync<IOException>();
        _engine.Backend.Containers[id].Signals.Should().Contain("SIGKILL", "nobody would know that it runs");
        _engine.Records.Committing = null;
        await Task.WhenAny(_engine.Runtime.Pods.Single().Containers.Single().Ended);
        await Reconciler.PassAsync(CancellationToken.None);

        _engine.Runtime.Snapshot.Containers[id].Should().BeEquivalentTo(new { State = ContainerState.Exited, Exit = new { ExitCode = 137 } });
    }

    [Fact]
    public async Task A_backend_that_throws_does_not_keep_the_rest_from_being_looked_at()
    {
        _engine.Backend.Reconcile = _ => throw new InvalidOperationException("no such hierarchy");
        await _engine.Snapshotter.PrepareAsync("stranger", null, readOnly: false, null!, CancellationToken.None);

        await Reconciler.PassAsync(CancellationToken.None);

        _engine.Snapshotter.Keys.Should().BeEmpty();
        _engine.Network.IsLiving.Should().NotBeNull();
    }

    [Fact]
    public async Task Networks_are_released_before_the_namespaces_of_stray_pods()
    {
        bool networkFirst = false;
        _engine.Backend.Reconcile = _ =>
        {
            networkFirst = _engine.Network.IsLiving is not null;
            return Task.CompletedTask;
        };

        await Reconciler.PassAsync(CancellationToken.None);

        networkFirst.Should().BeTrue();
    }

    private Reconciler Reconciler => new(_engine.Runtime, _engine.Clock);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
