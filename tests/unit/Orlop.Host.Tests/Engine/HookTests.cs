using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Tests.Engine;

public sealed class HookTests
{
    private readonly TestHook _hook = new();

    [Fact]
    public async Task A_hook_that_fails_on_a_pod_is_named_and_nothing_is_left()
    {
        await using var engine = new EngineFixture(hooks: _hook);
        _hook.OnSandbox = _ => throw new InvalidOperationException("the licence has expired");

        (await engine.Awaiting(e => e.RunAsync()).Should().ThrowAsync<RuntimeException>())
            .Which.Message.Should().StartWith("the hook 'test' failed on pod default/web: the licence has expired (InvalidOperationException); its plugin is in `orlop plugins`");

        engine.Records.Keys.Should().BeEmpty();
        engine.Backend.Sandboxes.Should().BeEmpty();
        _hook.OnSandbox = spec => spec;
        (await engine.RunAsync()).Should().NotBeEmpty("the next correct request works");
    }

    [Fact]
    public async Task What_a_hook_refuses_reaches_the_caller_in_its_own_words()
    {
        await using var engine = new EngineFixture(hooks: _hook);
        _hook.OnContainer = _ => throw new RuntimeException(ErrorKind.PermissionDenied, "no containers after six");
        string pod = await engine.RunAsync();

        (await engine.Awaiting(e => e.CreateAsync(pod)).Should().ThrowAsync<RuntimeException>())
            .Which.Should().BeEquivalentTo(new { Kind = ErrorKind.PermissionDenied, Message = "no containers after six" });
    }

    [Fact]
    public async Task A_hook_cannot_make_another_pod_or_container_of_it()
    {
        await using var engine = new EngineFixture(hooks: _hook);
        string pod = await engine.RunAsync();
        _hook.OnContainer = spec => spec with { SandboxId = "another" };
        _hook.OnSandbox = spec => spec with { Id = "another" };

        (await engine.Awaiting(e => e.CreateAsync(pod)).Should().ThrowAsync<RuntimeException>()).Which.Message.Should().Contain("it changed the id");
        (await engine.Awaiting(e => e.RunAsync(EngineFixture.Pod("other"))).Should().ThrowAsync<RuntimeException>()).Which.Message.Should().Contain("it changed the id").And.Contain(" to another");
    }

    [Fact]
    public async Task A_hook_that_fails_when_it_is_told_changes_nothing()
    {
        await using var engine = new EngineFixture(hooks: _hook);
        _hook.OnTold = () => throw new InvalidOperationException("the collector is away");
        string pod = await engine.RunAsync();

        var container = await engine.StartAsync(pod);
        engine.Runtime.Snapshot.Containers[container.Id].State.Should().Be(ContainerState.Running);
        await engine.Runtime.StopSandboxAsync(pod, CancellationToken.None);

        engine.Runtime.Snapshot.Sandboxes[pod].State.Should().Be(SandboxState.NotReady);
        engine.Runtime.Snapshot.Containers[container.Id].State.Should().Be(ContainerState.Exited);
    }

    [Fact]
    public async Task A_hook_that_hangs_when_it_is_told_does_not_keep_a_pod_from_stopping()
    {
        await using var engine = new EngineFixture(hooks: _hook);
        string pod = await engine.RunAsync();
        var told = new TaskCompletionSource();
        _hook.OnTold = () =>
        {
            told.TrySetResult();
            return new TaskCompletionSource().Task;
        };

        var stopping = engine.Runtime.StopSandboxAsync(pod, CancellationToken.None);
        await told.Task;
        while (!stopping.IsCompleted)
        {
            engine.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        await stopping;
        engine.Runtime.Snapshot.Sandboxes[pod].State.Should().Be(SandboxState.NotReady);
    }

    private sealed class TestHook : ILifecycleHook
    {
        public string Name => "test";

        public Func<SandboxSpec, SandboxSpec> OnSandbox { get; set; } = spec => spec;

        public Func<ContainerSpec, ContainerSpec> OnContainer { get; set; } = spec => spec;

        public Func<Task> OnTold { get; set; } = () => Task.CompletedTask;

        public Task<SandboxSpec> OnSandboxCreatingAsync(SandboxSpec sandbox, CancellationToken cancellationToken) => Task.FromResult(OnSandbox(sandbox));

        public Task<ContainerSpec> OnContainerCreatingAsync(SandboxSpec sandbox, ContainerSpec container, CancellationToken cancellationToken) => Task.FromResult(OnContainer(container));

        public Task OnContainerStartedAsync(SandboxSpec sandbox, ContainerSpec container, CancellationToken cancellationToken) => OnTold();

        public Task OnContainerStoppedAsync(SandboxSpec sandbox, ContainerSpec container, ContainerExit exit, CancellationToken cancellationToken) => OnTold();

        public Task OnSandboxStoppingAsync(SandboxSpec sandbox, CancellationToken cancellationToken) => OnTold();
    }
}
