using Orlop.Abstractions.Execution;
using Orlop.Host.Engine;
using Orlop.Host.Engine.Model;
using Orlop.Host.Tests.Engine.Fakes;
using Orlop.PluginContracts;

namespace Orlop.Host.Tests.Engine;

public sealed class RecoveryTests
{
    private readonly MemoryRecordStore _records = new(); // what outlives the process
    private readonly TaskCompletionSource _cutOff = new();

    [Fact]
    public async Task Pods_and_containers_are_found_again_with_those_that_ended_meanwhile()
    {
        string pod, running, ended;
        await using (var before = new EngineFixture(_records))
        {
            pod = await before.RunAsync();
            running = (await before.StartAsync(pod, EngineFixture.Container("one"))).Id;
            ended = (await before.StartAsync(pod, EngineFixture.Container("two"))).Id;
        }

        await using var after = await RestartAsync((backend, record) => backend.Alive(record, c => { if (c.Id == ended) c.End(3, ExitReason.Error); }));

        after.Runtime.Snapshot.Containers[ended].Should().BeEquivalentTo(new { State = ContainerState.Exited, Exit = new { ExitCode = 3 } }, "the first list has it");
        after.Runtime.Snapshot.Containers[running].State.Should().Be(ContainerState.Running);
        after.Runtime.Snapshot.Sandboxes[pod].Should().BeEquivalentTo(new { State = SandboxState.Ready, Addresses = new[] { "10.88.0.2", "fd00::2" } }); // R10
    }

    [Fact]
    public async Task What_is_lost_is_exited_with_255_and_the_pod_not_ready()
    {
        string pod, container;
        await using (var before = new EngineFixture(_records))
        {
            pod = await before.RunAsync();
            container = (await before.StartAsync(pod)).Id;
        }

        await using var after = await RestartAsync((backend, record) => backend.Gone(record, "the node was rebooted"));

        after.Runtime.Snapshot.Sandboxes[pod].State.Should().Be(SandboxState.NotReady);
        after.Runtime.Snapshot.Containers[container].Exit.Should().BeEquivalentTo(new { ExitCode = 255, Reason = ExitReason.Lost });
        await after.Runtime.RemoveSandboxAsync(pod, CancellationToken.None);
        after.Network.Detached.Should().Equal(pod);
        _records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task A_half_made_pod_is_taken_back()
    {
        await RunCutOffAsync();
        _records.Keys.Should().ContainSingle();

        await using var after = await RestartAsync((backend, record) => backend.Gone(record, "never made"));

        after.Runtime.Snapshot.Sandboxes.Should().BeEmpty();
        _records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task A_half_made_container_is_taken_back()
    {
        var before = new EngineFixture(_records);
        string pod = await before.RunAsync();
        before.Backend.BeforeCreateContainer = (_, _) => CutOffAsync(_cutOff);
        _ = before.CreateAsync(pod);
        await _cutOff.Task;

        await using var after = await RestartAsync((backend, record) => backend.Alive(record));

        after.Runtime.Snapshot.Sandboxes[pod].State.Should().Be(SandboxState.Ready);
        after.Runtime.Snapshot.Containers.Should().BeEmpty();
        (await after.CreateAsync(pod)).Should().NotBeEmpty("the name is free");
    }

    [Fact]
    public async Task What_cannot_be_taken_back_shows_as_a_pod_that_can_be_removed()
    {
        await RunCutOffAsync();

        await using var after = await RestartAsync(CannotBeTakenBack);
        var left = after.Runtime.Snapshot.VisibleSandboxes.Should().ContainSingle().Subject;
        left.State.Should().Be(SandboxState.NotReady);
        after.Backend.FailRemove = false;
        await after.Runtime.RemoveSandboxAsync(left.Id, CancellationToken.None);

        _records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_taken_back_is_replaced_by_the_next_try()
    {
        await RunCutOffAsync();
        await using var after = await RestartAsync(CannotBeTakenBack);
        after.Backend.FailRemove = false;

        string pod = await after.RunAsync();

        after.Runtime.Snapshot.Sandboxes.Should().ContainSingle().Which.Value.Should().BeEquivalentTo(new { Id = pod, State = SandboxState.Ready });
    }

    [Fact]
    public async Task A_pod_whose_taking_back_was_cut_off_as_well_keeps_no_name()
    {
        await RunCutOffAsync();
        var second = new TaskCompletionSource();
        _ = RestartAsync((backend, record) =>
        {
            backend.BeforeRemoveSandbox = () => CutOffAsync(second);
            return backend.Gone(record, "never made");
        });
        await second.Task;

        await using var third = await RestartAsync((backend, record) => backend.Gone(record, "never made"));

        third.Runtime.Snapshot.Sandboxes.Should().BeEmpty();
        (await third.RunAsync()).Should().NotBeEmpty("the name is free");
    }

    private static RecoveredSandbox CannotBeTakenBack(FakeBackend backend, SandboxRecord record)
    {
        backend.FailRemove = true;
        return backend.Gone(record, "never made");
    }

    [Fact]
    public async Task A_container_whose_removal_was_cut_off_counts_as_ended()
    {
        string pod, container;
        await using (var before = new EngineFixture(_records))
        {
            pod = await before.RunAsync();
            container = await before.CreateAsync(pod);
        }

        await using var after = await RestartAsync((backend, record) => backend.Alive(record) with { Containers = [] });

        after.Runtime.Snapshot.Containers[container].Should().BeEquivalentTo(new { State = ContainerState.Exited, Exit = new { ExitCode = 255, Reason = ExitReason.Lost } });
        await after.Runtime.RemoveContainerAsync(container, CancellationToken.None);
        after.Runtime.Snapshot.Containers.Should().BeEmpty();
    }

    [Fact]
    public async Task A_failed_start_that_nobody_lived_to_record_is_known()
    {
        string container;
        await using (var before = new EngineFixture(_records)) container = await before.CreateAsync(await before.RunAsync());

        await using var after = await RestartAsync((backend, record) =>
        {
            var found = backend.Alive(record, c => c.End(128, ExitReason.StartFailed));
            return found with { Containers = [.. found.Containers.Select(c => c with { StartedAt = null })] };
        });

        (await after.UntilAsync(container, e => e.State == ContainerState.Exited)).Exit!.ExitCode.Should().Be(128);
    }

    [Fact]
    public async Task A_backend_that_cannot_look_keeps_no_daemon_from_starting()
    {
        string pod;
        await using (var before = new EngineFixture(_records)) pod = await before.RunAsync();

        await using var after = await RestartAsync((_, _) => throw new InvalidOperationException("the socket folder is unreadable"));

        after.Runtime.Snapshot.Sandboxes[pod].State.Should().Be(SandboxState.NotReady);
        await after.Runtime.RemoveSandboxAsync(pod, CancellationToken.None);
        after.Runtime.Snapshot.Sandboxes.Should().BeEmpty();
    }

    [Fact]
    public async Task A_broken_record_costs_that_one_object() // R12
    {
        string pod;
        await using (var before = new EngineFixture(_records)) pod = await before.RunAsync();
        _records["sandbox/torn"] = "{\"Spec\":"u8.ToArray();

        await using var after = await RestartAsync((backend, record) => backend.Alive(record));

        after.Runtime.Snapshot.Sandboxes.Keys.Should().Equal(pod);
        _records.Keys.Should().Contain("quarantine/sandbox/torn").And.NotContain("sandbox/torn");
    }

    [Fact]
    public async Task Later_pods_are_younger_than_those_of_an_earlier_process()
    {
        string old;
        await using (var before = new EngineFixture(_records))
        {
            before.Clock.Advance(TimeSpan.FromHours(1));
            old = await before.RunAsync();
        }

        await using var after = await RestartAsync((backend, record) => backend.Alive(record)); // its clock is an hour behind
        string next = await after.RunAsync(EngineFixture.Pod(attempt: 1));

        after.Runtime.Snapshot.Sandboxes[next].CreatedAt.Should().BeAfter(after.Runtime.Snapshot.Sandboxes[old].CreatedAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pod_whose_backend_was_not_there_for_one_start_is_ready_again_unless_it_was_stopped(bool stopped)
    {
        string pod;
        await using (var before = new EngineFixture(_records)) pod = await before.RunAsync();
        await using (var without = await RestartAsync((_, _) => throw new InvalidOperationException("no such hierarchy")))
        {
            without.Runtime.Snapshot.Sandboxes[pod].State.Should().Be(SandboxState.NotReady);
            if (stopped) await without.Runtime.StopSandboxAsync(pod, CancellationToken.None);
        }

        await using var after = await RestartAsync((backend, record) => backend.Alive(record));

        after.Runtime.Snapshot.Sandboxes[pod].State.Should().Be(stopped ? SandboxState.NotReady : SandboxState.Ready);
    }

    /// <summary>Another process over the same records, which finds of each pod what <paramref name="find"/> gives.</summary>
    private Task<EngineFixture> RestartAsync(Func<FakeBackend, SandboxRecord, RecoveredSandbox> find) => EngineFixture.RecoverAsync(_records, find);

    /// <summary>Begins to make a pod in a process that ends before it is made.</summary>
    private async Task RunCutOffAsync()
    {
        var before = new EngineFixture(_records);
        before.Backend.BeforeCreateSandbox = (_, _, _) => CutOffAsync(_cutOff);
        _ = before.RunAsync();
        await _cutOff.Task;
    }

    /// <summary>What a process does in the step in which it ends: it never gets to clean up.</summary>
    private static Task CutOffAsync(TaskCompletionSource reached)
    {
        reached.SetResult();
        return Task.Delay(Timeout.Infinite, CancellationToken.None);
    }
}
