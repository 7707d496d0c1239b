using Orlop.Abstractions.Errors;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Tests.Engine;

public sealed class RunSandboxTests
{
    [Fact]
    public async Task A_pod_is_ready_with_its_addresses_and_on_record()
    {
        await using var engine = new EngineFixture();

        string id = await engine.RunAsync();

        id.Should().MatchRegex("^[0-9a-f]{64}$");
        var entry = engine.Runtime.Snapshot.Sandboxes[id];
        entry.State.Should().Be(SandboxState.Ready);
        entry.Addresses.Should().Equal("10.88.0.2", "fd00::2");
        engine.Records.Keys.Should().Contain($"sandbox/{id}");
    }

    [Fact]
    public async Task A_repeated_request_gets_the_same_pod()
    {
        await using var engine = new EngineFixture();

        string first = await engine.RunAsync();
        string second = await engine.RunAsync();

        second.Should().Be(first);
        engine.Backend.Sandboxes.Should().ContainSingle();
    }

    [Fact]
    public async Task A_retry_joins_the_operation_that_still_runs()
    {
        await using var engine = new EngineFixture();
        var hold = new TaskCompletionSource();
        engine.Backend.BeforeCreateSandbox = (_, _, token) => hold.Task.WaitAsync(token);
        using var impatient = new CancellationTokenSource();

        var first = engine.Runtime.RunSandboxAsync(EngineFixture.Pod(), impatient.Token);
        await impatient.CancelAsync();
        await first.Awaiting(t => t).Should().ThrowAsync<OperationCanceledException>();
        var second = engine.RunAsync();
        hold.SetResult();

        string id = await second;
        engine.Backend.Sandboxes.Keys.Should().Equal(id);
    }

    [Fact]
    public async Task A_changed_request_replaces_the_one_that_runs()
    {
        await using var engine = new EngineFixture();
        var held = new TaskCompletionSource();
        bool first = true;
        engine.Backend.BeforeCreateSandbox = async (_, _, token) =>
        {
            if (!first) return;
            first = false;
            held.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        };

        var stuck = engine.RunAsync();
        await held.Task;
        var changed = EngineFixture.Pod();
        string id = await engine.RunAsync(changed with { Spec = changed.Spec with { Hostname = "other" } });

        engine.Runtime.Snapshot.Sandboxes.Keys.Should().Equal(id);
        (await stuck.Awaiting(t => t).Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.Cancelled);
    }

    [Fact]
    public async Task A_name_in_use_is_refused_with_its_holder()
    {
        await using var engine = new EngineFixture();
        string id = await engine.RunAsync();
        await engine.Runtime.StopSandboxAsync(id, CancellationToken.None);

        var error = await engine.Awaiting(e => e.RunAsync()).Should().ThrowAsync<RuntimeException>();

        error.Which.Kind.Should().Be(ErrorKind.AlreadyExists);
        error.Which.Message.Should().Contain(id);
    }

    [Fact]
    public async Task The_next_attempt_may_live_beside_the_old_one()
    {
        await using var engine = new EngineFixture();
        string old = await engine.RunAsync();
        await engine.Runtime.StopSandboxAsync(old, CancellationToken.None);

        string next = await engine.RunAsync(EngineFixture.Pod(attempt: 1));

        engine.Runtime.Snapshot.Sandboxes[next].CreatedAt.Should().BeAfter(engine.Runtime.Snapshot.Sandboxes[old].CreatedAt);
    }

    [Fact]
    public async Task A_failed_attach_leaves_nothing_and_is_detached()
    {
        await using var engine = new EngineFixture();
        engine.Network.FailAttach = true;

        await engine.Awaiting(e => e.RunAsync()).Should().ThrowAsync<RuntimeException>().WithMessage("the bridge is gone");

        engine.Runtime.Snapshot.Sandboxes.Should().BeEmpty();
        engine.Records.Keys.Should().BeEmpty();
        var sandbox = engine.Backend.Sandboxes.Values.Single();
        sandbox.Removed.Should().BeTrue();
        engine.Network.Detached.Should().Equal(sandbox.Id);
    }

    [Fact]
    public async Task What_cannot_be_undone_stays_as_a_pod_that_can_be_removed()
    {
        await using var engine = new EngineFixture();
        engine.Network.FailAttach = true;
        engine.Backend.FailRemove = true;
        await engine.Awaiting(e => e.RunAsync()).Should().ThrowAsync<RuntimeException>();

        var left = engine.Runtime.Snapshot.VisibleSandboxes.Should().ContainSingle().Subject;
        left.State.Should().Be(SandboxState.NotReady);
        engine.Backend.FailRemove = false;
        await engine.Runtime.RemoveSandboxAsync(left.Id, CancellationToken.None);

        engine.Runtime.Snapshot.Sandboxes.Should().BeEmpty();
        engine.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task A_pod_that_takes_longer_than_its_caller_waits_goes_on_and_the_retry_gets_it() // R1
    {
        await using var engine = new EngineFixture();
        var slow = Hold(engine);

        var run = engine.RunAsync();
        await slow.Entered;
        engine.Clock.Advance(TimeSpan.FromSeconds(231));

        var error = await run.Awaiting(t => t).Should().ThrowAsync<RuntimeException>();
        error.Which.Kind.Should().Be(ErrorKind.DeadlineExceeded);
        error.Which.Message.Should().Contain("sandbox > supervisor").And.Contain("waiting for pid 42").And.Contain("a retry joins it");
        var retry = engine.RunAsync();
        slow.Release();
        string id = await retry;
        engine.Backend.Sandboxes.Keys.Should().Equal(id);
    }

    [Fact]
    public async Task A_pod_that_is_stuck_is_taken_back_at_last()
    {
        await using var engine = new EngineFixture();
        var stuck = Hold(engine);
        var run = engine.RunAsync();
        await stuck.Entered;
        engine.Clock.Advance(TimeSpan.FromMinutes(14));
        await run.Awaiting(t => t).Should().ThrowAsync<RuntimeException>();

        var retry = engine.RunAsync();
        engine.Clock.Advance(TimeSpan.FromMinutes(1));

        var error = await retry.Awaiting(t => t).Should().ThrowAsync<RuntimeException>();
        error.Which.Message.Should().Contain("cancelled in phase sandbox > supervisor");
        engine.Runtime.Snapshot.Sandboxes.Should().BeEmpty();
    }

    [Fact]
    public async Task A_changed_request_learns_what_the_one_before_it_waits_for()
    {
        await using var engine = new EngineFixture();
        var hung = Hold(engine, heedsCancellation: false);
        var first = engine.RunAsync();
        await hung.Entered;
        var changed = EngineFixture.Pod();

        var run = engine.RunAsync(changed with { Spec = changed.Spec with { Hostname = "other" } });
        while (!run.IsCompleted) // it waits from some moment on
        {
            engine.Clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(1);
        }

        var error = await run.Awaiting(t => t).Should().ThrowAsync<RuntimeException>();
        error.Which.Kind.Should().Be(ErrorKind.DeadlineExceeded);
        error.Which.Message.Should().Contain("an earlier request").And.Contain("sandbox > supervisor");
        hung.Release();
        await first.Awaiting(t => t).Should().ThrowAsync<RuntimeException>();
    }

    [Theory]
    [InlineData("nosuch", ErrorKind.InvalidArgument)]
    [InlineData("broken", ErrorKind.Unavailable)]
    public async Task A_handler_that_cannot_be_used_is_named(string handler, ErrorKind kind)
    {
        await using var engine = new EngineFixture();

        var error = await engine.Awaiting(e => e.RunAsync(EngineFixture.Pod() with { Handler = handler })).Should().ThrowAsync<RuntimeException>();

        error.Which.Kind.Should().Be(kind);
        error.Which.Message.Should().Contain(handler);
    }

    /// <summary>The backend begins to make the next sandbox and waits.</summary>
    private static Held Hold(EngineFixture engine, bool heedsCancellation = true)
    {
        var held = new Held();
        engine.Backend.BeforeCreateSandbox = async (_, phase, token) =>
        {
            using var inner = phase.Begin("supervisor");
            inner.Note("waiting for pid 42");
            await held.WaitAsync(heedsCancellation ? token : CancellationToken.None);
        };
        return held;
    }

    private sealed class Held
    {
        private readonly TaskCompletionSource _entered = new();
        private readonly TaskCompletionSource _released = new();

        public Task Entered => _entered.Task;

        public void Release() => _released.SetResult();

        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            _entered.SetResult();
            await _released.Task.WaitAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
