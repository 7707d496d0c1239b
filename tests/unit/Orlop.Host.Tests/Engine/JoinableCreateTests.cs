using Orlop.Abstractions.Errors;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Tests.Engine;

/// <summary>What a caller that goes away leaves behind; kubelet-contract, point 4.</summary>
public sealed class JoinableCreateTests
{
    [Fact]
    public async Task A_pod_whose_caller_went_away_is_seen_by_nobody_until_the_retry_takes_it()
    {
        await using var engine = new EngineFixture();
        await LeaveAsync(engine, token => engine.Runtime.RunSandboxAsync(EngineFixture.Pod(), token));
        string made = await MadeAsync(engine);

        engine.Runtime.Snapshot.VisibleSandboxes.Should().BeEmpty();
        string taken = await engine.RunAsync();

        taken.Should().Be(made);
        engine.Runtime.Snapshot.VisibleSandboxes.Should().ContainSingle().Which.State.Should().Be(SandboxState.Ready);
    }

    [Fact]
    public async Task A_pod_that_nobody_takes_is_taken_back()
    {
        await using var engine = new EngineFixture();
        await LeaveAsync(engine, token => engine.Runtime.RunSandboxAsync(EngineFixture.Pod(), token));
        string made = await MadeAsync(engine);

        await AdvanceUntilAsync(engine, TimeSpan.FromMinutes(2), () => engine.Runtime.Snapshot.Sandboxes.IsEmpty);

        engine.Backend.Sandboxes[made].Removed.Should().BeTrue();
        engine.Network.Detached.Should().Equal(made);
        engine.Records.Keys.Should().BeEmpty();
        (await engine.RunAsync()).Should().NotBe(made);
    }

    [Fact]
    public async Task A_changed_request_takes_the_place_of_a_pod_that_nobody_took()
    {
        await using var engine = new EngineFixture();
        await LeaveAsync(engine, token => engine.Runtime.RunSandboxAsync(EngineFixture.Pod(), token));
        string made = await MadeAsync(engine);
        var changed = EngineFixture.Pod();

        string id = await engine.RunAsync(changed with { Spec = changed.Spec with { Hostname = "other" } });

        engine.Backend.Sandboxes[made].Removed.Should().BeTrue();
        engine.Runtime.Snapshot.Sandboxes.Keys.Should().Equal(id);
    }

    [Fact]
    public async Task A_container_whose_caller_went_away_is_seen_by_nobody_until_the_retry_takes_it()
    {
        await using var engine = new EngineFixture();
        string pod = await engine.RunAsync();
        var entered = new TaskCompletionSource();
        var hold = new TaskCompletionSource();
        engine.Backend.BeforeCreateContainer = async (_, _) =>
        {
            entered.SetResult();
            await hold.Task;
        };
        using var leaving = new CancellationTokenSource();
        var call = engine.Runtime.CreateContainerAsync(pod, EngineFixture.Container(), leaving.Token);
        await entered.Task;
        await leaving.CancelAsync();
        await call.Awaiting(c => c).Should().ThrowAsync<OperationCanceledException>();
        hold.SetResult();
        await EventuallyAsync(() => !engine.Backend.Containers.IsEmpty);

        engine.Runtime.Snapshot.VisibleContainers.Should().BeEmpty();
        string taken = await engine.CreateAsync(pod);

        engine.Backend.Containers.Keys.Should().Equal(taken);
        engine.Runtime.Snapshot.VisibleContainers.Should().ContainSingle().Which.State.Should().Be(ContainerState.Created);
    }

    [Fact]
    public async Task A_container_that_nobody_took_goes_with_its_pod()
    {
        await using var engine = new EngineFixture();
        string pod = await engine.RunAsync();
        var hold = new TaskCompletionSource();
        engine.Backend.BeforeCreateContainer = (_, _) => hold.Task;
        using var leaving = new CancellationTokenSource();
        var call = engine.Runtime.CreateContainerAsync(pod, EngineFixture.Container(), leaving.Token);
        await EventuallyAsync(() => !engine.Runtime.Snapshot.Containers.IsEmpty);
        await leaving.CancelAsync();
        await call.Awaiting(c => c).Should().ThrowAsync<OperationCanceledException>();
        hold.SetResult();
        await EventuallyAsync(() => !engine.Backend.Containers.IsEmpty);

        await engine.Runtime.RemoveSandboxAsync(pod, CancellationToken.None);

        engine.Runtime.Snapshot.Containers.Should().BeEmpty();
        engine.Backend.Containers.Values.Single().Removed.Should().BeTrue();
        await engine.Awaiting(e => e.CreateAsync(pod)).Should().ThrowAsync<RuntimeException>().Where(e => e.Kind == ErrorKind.NotFound);
    }

    [Fact]
    public async Task The_order_of_maps_and_variables_and_the_file_of_the_termination_message_make_no_other_request()
    {
        await using var engine = new EngineFixture();
        string pod = await engine.RunAsync(Labelled("a", "b"));
        string container = await engine.CreateAsync(pod, Container("/pods/u1/first", "X=1", "Y=2"));

        (await engine.RunAsync(Labelled("b", "a"))).Should().Be(pod);
        (await engine.CreateAsync(pod, Container("/pods/u1/second", "Y=2", "X=1"))).Should().Be(container);
        (await engine.Awaiting(e => e.CreateAsync(pod, Container("/pods/u1/second", "Y=2", "X=3"))).Should().ThrowAsync<RuntimeException>())
            .Which.Kind.Should().Be(ErrorKind.AlreadyExists);

        static SandboxRequest Labelled(params string[] names)
        {
            var request = EngineFixture.Pod();
            return request with { Spec = request.Spec with { Labels = names.ToDictionary(n => n, n => n) } };
        }

        static ContainerRequest Container(string message, params string[] environment) => EngineFixture.Container() with
        {
            Environment = environment,
            Annotations = new Dictionary<string, string> { ["io.kubernetes.container.terminationMessagePath"] = "/dev/termination-log" },
            Mounts = [new MountRequest { ContainerPath = "/dev/termination-log", HostPath = message }],
        };
    }

    [Fact]
    public async Task What_could_not_be_taken_back_does_not_keep_its_name_from_a_later_try() // R1
    {
        await using var engine = new EngineFixture();
        var full = new IOException("no space left on device");
        engine.Backend.BeforeCreateSandbox = (_, _, _) =>
        {
            engine.Records.Committing = _ => throw full;
            throw full;
        };
        await engine.Awaiting(e => e.RunAsync()).Should().ThrowAsync<IOException>();
        engine.Records.Committing = null;
        engine.Backend.BeforeCreateSandbox = (_, _, _) => Task.CompletedTask;

        string pod = await engine.RunAsync();

        engine.Runtime.Snapshot.Sandboxes.Keys.Should().Equal(pod);
        engine.Backend.BeforeCreateContainer = (_, _) =>
        {
            engine.Records.Committing = _ => throw full;
            throw full;
        };
        await engine.Awaiting(e => e.CreateAsync(pod)).Should().ThrowAsync<IOException>();
        engine.Records.Committing = null;
        engine.Backend.BeforeCreateContainer = (_, _) => Task.CompletedTask;

        string container = await engine.CreateAsync(pod);

        engine.Runtime.Snapshot.Containers.Keys.Should().Equal(container);
    }

    [Fact]
    public async Task An_update_that_could_not_be_written_down_is_taken_back() // kubelet-contract, point 23
    {
        await using var engine = new EngineFixture();
        var container = await engine.StartAsync(await engine.RunAsync(), EngineFixture.Container() with { Resources = new ContainerResources { CpuShares = 100 } });
        engine.Records.Committing = _ => throw new IOException("no space left on device");

        await engine.Awaiting(e => e.Runtime.UpdateResourcesAsync(container.Id, new ContainerResources { CpuShares = 512 }, CancellationToken.None)).Should().ThrowAsync<IOException>();

        container.Updated!.Cpu!.Shares.Should().Be(100);
        engine.Runtime.Snapshot.Containers[container.Id].Resources.CpuShares.Should().Be(100);
    }

    [Fact]
    public async Task Two_different_updates_at_once_both_count() // kubelet-contract, point 23
    {
        await using var engine = new EngineFixture();
        var container = await engine.StartAsync(await engine.RunAsync());

        await Task.WhenAll(
            engine.Runtime.UpdateResourcesAsync(container.Id, new ContainerResources { CpuShares = 512 }, CancellationToken.None),
            engine.Runtime.UpdateResourcesAsync(container.Id, new ContainerResources { CpuQuota = 1000 }, CancellationToken.None));

        engine.Runtime.Snapshot.Containers[container.Id].Resources.Should().BeEquivalentTo(new { CpuShares = 512L, CpuQuota = 1000L });
    }

    /// <summary>Makes a call and goes away while the backend works.</summary>
    private static async Task LeaveAsync(EngineFixture engine, Func<CancellationToken, Task<string>> call)
    {
        var entered = new TaskCompletionSource();
        var hold = new TaskCompletionSource();
        engine.Backend.BeforeCreateSandbox = async (_, _, _) =>
        {
            entered.SetResult();
            await hold.Task;
        };
        using var leaving = new CancellationTokenSource();
        var answer = call(leaving.Token);
        await entered.Task;
        await leaving.CancelAsync();
        await answer.Awaiting(a => a).Should().ThrowAsync<OperationCanceledException>();
        engine.Backend.BeforeCreateSandbox = (_, _, _) => Task.CompletedTask;
        hold.SetResult();
    }

    /// <summary>The pod that was made, once its network is attached: only the claim is left then.</summary>
    private static async Task<string> MadeAsync(EngineFixture engine)
    {
        await EventuallyAsync(() => !engine.Backend.Sandboxes.IsEmpty && engine.Runtime.Snapshot.Sandboxes.Values.Single().Attached);
        return engine.Backend.Sandboxes.Keys.Single();
    }

    private static async Task AdvanceUntilAsync(EngineFixture engine, TimeSpan step, Func<bool> condition)
    {
        // The wait may not have begun when the clock moves first.
        await EventuallyAsync(() =>
        {
            if (!condition()) engine.Clock.Advance(step);
            return condition();
        });
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition()) await Task.Delay(1, patience.Token);
    }
}
