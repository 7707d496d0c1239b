using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine.Operations;

namespace Orlop.Host.Engine.Pods;

/// <summary>
/// The lifecycle hooks in their order. One that fails before something is made fails the operation, by its name. What has
/// happened stands: a hook that fails when it is told of it, or never comes back, is logged.
/// </summary>
internal sealed class HookChain(IReadOnlyList<ILifecycleHook> hooks, TimeProvider clock, ILogger logger)
{
    /// <summary>How long a hook may take over what it is only told of.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What is to be made of a sandbox.</summary>
    public async Task<SandboxSpec> SandboxCreatingAsync(SandboxSpec asked, OperationContext op)
    {
        var spec = asked;
        foreach (var hook in hooks)
        {
            using var phase = op.Trace.Begin($"hook {hook.Name}");
            var before = spec;
            spec = await AskAsync(hook, Describe(asked), () => hook.OnSandboxCreatingAsync(before, op.Token));
            if (spec.Id != asked.Id)
                throw Broken(hook, Describe(asked), $"it changed the id {asked.Id} to {spec.Id}");
        }

        return spec;
    }

    /// <summary>What is to be made of a container.</summary>
    public async Task<ContainerSpec> ContainerCreatingAsync(SandboxSpec sandbox, ContainerSpec asked, OperationContext op)
    {
        var spec = asked;
        foreach (var hook in hooks)
        {
            using var phase = op.Trace.Begin($"hook {hook.Name}");
            var before = spec;
            spec = await AskAsync(hook, Describe(sandbox, asked), () => hook.OnContainerCreatingAsync(sandbox, before, op.Token));
            if (spec.Id != asked.Id || spec.SandboxId != asked.SandboxId)
                throw Broken(hook, Describe(sandbox, asked), $"it changed the id {asked.Id} in sandbox {asked.SandboxId} to {spec.Id} in {spec.SandboxId}");
        }

        return spec;
    }

    public Task ContainerStartedAsync(SandboxSpec sandbox, ContainerSpec container, CancellationToken cancellationToken) =>
        TellAsync("started", Describe(sandbox, container), (hook, token) => hook.OnContainerStartedAsync(sandbox, container, token), cancellationToken);

    public Task ContainerStoppedAsync(SandboxSpec sandbox, ContainerSpec container, ContainerExit exit, CancellationToken cancellationToken) =>
        TellAsync("ended", Describe(sandbox, container), (hook, token) => hook.OnContainerStoppedAsync(sandbox, container, exit, token), cancellationToken);

    public Task SandboxStoppingAsync(SandboxSpec sandbox, CancellationToken cancellationToken) =>
        TellAsync("stops", Describe(sandbox), (hook, token) => hook.OnSandboxStoppingAsync(sandbox, token), cancellationToken);

    private static async Task<T> AskAsync<T>(ILifecycleHook hook, string what, Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask() ?? throw Broken(hook, what, "it gave nothing back");
        }
        catch (Exception e) when (e is not RuntimeException and not OperationCanceledException)
        {
            throw Broken(hook, what, $"{e.Message} ({e.GetType().Name})", e); // a RuntimeException is the hook's own word to the caller
        }
    }

    private async Task TellAsync(string happened, string what, Func<ILifecycleHook, CancellationToken, Task> tell, CancellationToken cancellationToken)
    {
        foreach (var hook in hooks)
        {
            using var deadline = new CancellationTokenSource(Patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            try
            {
                // On a thread of the pool: a hook that blocks must not hold up the pod.
                await Task.Run(() => tell(hook, either.Token), CancellationToken.None).WaitAsync(Patience, clock, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                PodLog.HookFailed(logger, hook.Name, what, happened, e);
            }
        }
    }

    private static RuntimeException Broken(ILifecycleHook hook, string what, string reason, Exception? cause = null) =>
        new(ErrorKind.Internal, $"the hook '{hook.Name}' failed on {what}: {reason}; its plugin is in `orlop plugins`, plugins.<id>.enabled = false switches it off", cause);

    private static string Describe(SandboxSpec sandbox) => $"pod {sandbox.Namespace}/{sandbox.Name}";

    private static string Describe(SandboxSpec sandbox, ContainerSpec container) => $"container \"{container.Name}\" of pod {sandbox.Namespace}/{sandbox.Name}";
}
