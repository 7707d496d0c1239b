using Orlop.Abstractions.Execution;
using Orlop.Host.Engine;
using Orlop.Host.Engine.Model;
using Orlop.Host.Tests.Engine.Fakes;
using Orlop.PluginContracts;

namespace Orlop.Host.Tests.Engine;

public sealed class RecoveryTests
{
    [Fact]
    public async Task Pods_and_containers_are_found_again_with_those_that_ended_meanwhile()
    {
        var records = new MemoryRecordStore();
        string pod, running, ended;
        await using (var before = new EngineFixture(records))
        {
            pod = await before.RunAsync();
            running = (await before.StartAsync(pod, EngineFixture.Container("one"))).Id;
            ended = (await before.StartAsync(pod, EngineFixture.Container("two"))).Id;
        }

        await using var after = new EngineFixture(records);
        after.Backend.Recover = all => [.. all.Select(r => Alive(after, r, c => { if (c.Id == ended) c.End(3, ExitReason.Error); }))];
        await new Recovery(after.Runtime, after.Clock).RunAsync(CancellationToken.None);

        var entry = await after.UntilAsync(ended, e => e.State == ContainerState.Exited);
        entry.Exit!.ExitCode.Should().Be(3);
        after.Runtime.Snapshot.Containers[running].State.Should().Be(ContainerState.Running);
        after.Runtime.Snapshot.Sandboxes[pod].Should().BeEquivalentTo(new { State = SandboxState.Ready, Addresses = new[] { "10.88.0.2", "fd00::2" } }); // R10
    }

    [Fact]
    public async Task What_is_lost_is_exited_with_255_and_the_pod_not_ready()
    {
        var records = new MemoryRecordStore();
        string pod, container;
        await using (var before = new EngineFixture(records))
        {
            pod = await before.RunAsync();
            container = (await before.StartAsync(pod)).Id;
        }

        await using var after = new EngineFixture(records);
        after.Backend.Recover = all => [.. all.Select(r => new RecoveredSandbox { Id = r.Spec.Id, Sandbox = new FakeSandbox(r.Spec, after.Backend), LostReason = "the node was rebooted" })];
        await new Recovery(after.Runtime, after.Clock).RunAsync(CancellationToken.None);

        after.Runtime.Snapshot.Sandboxes[pod].State.Should().Be(SandboxState.NotReady);
        after.Runtime.Snapshot.Containers[container].Exit.Should().BeEquivalentTo(new { ExitCode = 255, Reason = ExitReason.Lost });
        await after.Runtime.RemoveSandboxAsync(pod, CancellationToken.None);
        after.Network.Detached.Should().Equal(pod);
        records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task A_half_made_pod_is_taken_back()
    {
        var records = new MemoryRecordStore();
        var before = new EngineFixture(records);
        var held = new TaskCompletionSource();
        before.Backend.BeforeCreateSandbox = async (_, _, _) =>
        {
            held.SetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None); // this process never gets to clean up
        };
        _ = before.RunAsync();
        await held.Task;
        records.Keys.Should().ContainSingle();

        await using var after = new EngineFixture(records);
        after.Backend.Recover = all => [.. all.Select(r => new RecoveredSandbox { Id = r.Spec.Id, Sandbox = new FakeSandbox(r.Spec, after.Backend), LostReason = "never made" })];
        await new Recovery(after.Runtime, after.Clock).RunAsync(CancellationToken.None);

        after.Runtime.Snapshot.Sandboxes.Should().BeEmpty();
        records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task A_half_made_container_is_taken_back()
    {
        var records = new MemoryRecordStore();
        var before = new EngineFixture(records);
        string pod = await before.RunAsync();
        var held = new TaskCompletionSource();
        before.Backend.BeforeCreateContainer = async (_, _) =>
        {
            held.SetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None); // this process never gets to clean up
        };
        _ = before.CreateAsync(pod);
        await held.Task;

        await using var after = new EngineFixture(records);
        after.Backend.Recover = all => [.. all.Select(r => Alive(after, r, _ => { }))];
        await new Recovery(after.Runtime, after.Clock).RunAsync(CancellationToken.None);

        after.Runtime.Snapshot.Sandboxes[pod].State.Should().Be(SandboxState.Ready);
        after.Runtime.Snapshot.Containers.Should().BeEmpty();
        (await after.CreateAsync(pod)).Should().NotBeEmpty("the name is free");
    }

    [Fact]
    public async Task What_cannot_be_taken_back_shows_as_a_pod_that_can_be_removed()
    {
        var records = new MemoryRecordStore();
        var before = new EngineFixture(records);
        var held = new TaskCompletionSource();
        before.Backend.BeforeCreateSandbox = async (_, _, _) =>
        {
            held.SetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None); // this process never gets to clean up
        };
        _ = before.RunAsync();
        await held.Task;

        await using var after = new EngineFixture(records);
        after.Backend.FailRemove = true;
        after.Backend.Recover = all => [.. all.Select(r => new RecoveredSandbox { Id = r.Spec.Id, Sandbox = new FakeSandbox(r.Spec, after.Backend), LostReason = "never made" })];
        await new Recovery(after.Runtime, after.Clock).RunAsync(CancellationToken.None);
        var left = after.Runtime.Snapshot.VisibleSandboxes.Should().ContainSingle().Subject;
        left.State.Should().Be(SandboxState.NotReady);
        after.Backend.FailRemove = false;
        await after.Runtime.RemoveSandboxAsync(left.Id, CancellationToken.None);

        records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task A_container_whose_removal_was_cut_off_counts_as_ended()
    {
        var records = new MemoryRecordStore();
        string pod, container;
        await using (var before = new EngineFixture(records))
        {
            pod = await before.RunAsync();
            container = await before.CreateAsync(pod);
        }

        await using var after = new EngineFixture(records);
        after.Backend.Recover = all => [.. all.Select(r => new RecoveredSandbox { Id = r.Spec.Id, Sandbox = new FakeSandbox(r.Spec, after.Backend) })];
        await new Recovery(after.Runtime, after.Clock).RunAsync(CancellationToken.None);

        after.Runtime.Snapshot.Containers[container].Should().BeEquivalentTo(new { State = ContainerState.Exited, Exit = new { ExitCode = 255, Reason = ExitReason.Lost } });
        await after.Runtime.RemoveContainerAsync(container, CancellationToken.None);
        after.Runtime.Snapshot.Containers.Should().BeEmpty();
    }

    [Fact]
    public async Task A_failed_start_that_nobody_lived_to_record_is_known()
    {
        var records = new MemoryRecordStore();
        string container;
        await using (var before = new EngineFixture(records)) container = await before.CreateAsync(await before.RunAsync());

        await using var after = new EngineFixture(records);
        after.Backend.Recover = all => [.. all.Select(r => Alive(after, r, c => c.End(128, ExitReason.StartFailed))).Select(s => s with { Containers = [.. s.Containers.Select(c => c with { StartedAt = null })] })];
        await new Recovery(after.Runtime, after.Clock).RunAsync(CancellationToken.None);

        (await after.UntilAsync(container, e => e.State == ContainerState.Exited)).Exit!.ExitCode.Should().Be(128);
    }

    [Fact]
    public async Task A_backend_that_cannot_look_keeps_no_daemon_from_starting()
    {
        var records = new MemoryRecordStore();
        string pod;
        await using (var before = new EngineFixture(records)) pod = await before.RunAsync();

        await using var after = new EngineFixture(records);
        after.Backend.Recover = _ => throw new InvalidOperationException("the socket folder is unreadable");
        await new Recovery(after.Runtime, after.Clock).RunAsync(CancellationToken.None);

        after.Runtime.Snapshot.Sandboxes[pod].State.Should().Be(SandboxState.NotReady);
        await after.Runtime.RemoveSandboxAsync(pod, CancellationToken.None);
        after.Runtime.Snapshot.Sandboxes.Should().BeEmpty();
    }

    [Fact]
    public async Task A_broken_record_costs_that_one_object() // R12
    {
        var records = new MemoryRecordStore();
        string pod;
        await using (var before = new EngineFixture(records)) pod = await before.RunAsync();
        records["sandbox/torn"] = "{\"Spec\":"u8.ToArray();

        await using var after = new EngineFixture(records);
        after.Backend.Recover = all => [.. all.Select(r => Alive(after, r, _ => { }))];
        await new Recovery(after.Runtime, after.Clock).RunAsync(CancellationToken.None);

        after.Runtime.Snapshot.Sandboxes.Keys.Should().Equal(pod);
        records.Keys.Should().Contain("quarantine/sandbox/torn").And.NotContain("sandbox/torn");
    }

    [Fact]
    public async Task Later_pods_are_younger_than_those_of_an_earlier_process()
    {
        var records = new MemoryRecordStore();
        string old;
        await using (var before = new EngineFixture(records))
        {
            before.Clock.Advance(TimeSpan.FromHours(1));
            old = await before.RunAsync();
        }

        await using var after = new EngineFixture(records); // its clock is an hour behind
        after.Backend.Recover = all => [.. all.Select(r => Alive(after, r, _ => { }))];
        await new Recovery(after.Runtime, after.Clock).RunAsync(CancellationToken.None);
        string next = await after.RunAsync(EngineFixture.Pod(attempt: 1));

        after.Runtime.Snapshot.Sandboxes[next].CreatedAt.Should().BeAfter(after.Runtime.Snapshot.Sandboxes[old].CreatedAt);
    }

    private static RecoveredSandbox Alive(EngineFixture engine, SandboxRecord record, Action<FakeContainer> meanwhile) => new()
    {
        Id = record.Spec.Id,
        Sandbox = new FakeSandbox(record.Spec, engine.Backend),
        Containers = [.. record.Containers.Select(c =>
        {
            var container = new FakeContainer(c, engine.Backend);
            meanwhile(container);
            return new RecoveredContainer(container, engine.Clock.GetUtcNow());
        })],
    };
}
