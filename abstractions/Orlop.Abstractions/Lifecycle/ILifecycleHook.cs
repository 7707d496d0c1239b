using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Plugins;

namespace Orlop.Abstractions.Lifecycle;

/// <summary>Sees, and may adjust, pods and containers before they are made. NRI, CDI and policy are built on it.</summary>
/// <remarks>
/// Hooks run in the order of <see cref="Order"/>, then of their names. One that throws before something is made fails the
/// operation, which undoes itself; a <see cref="Errors.RuntimeException"/> reaches the caller as it is. What a hook throws
/// when it is told of something is logged and changes nothing; it has ten seconds for it.
/// </remarks>
public interface ILifecycleHook : IPlugPoint
{
    /// <summary>Lower runs first.</summary>
    int Order => 0;

    /// <summary>Before a sandbox is made, and before anyone can see it; the result is what is made.</summary>
    Task<SandboxSpec> OnSandboxCreatingAsync(SandboxSpec sandbox, CancellationToken cancellationToken) => Task.FromResult(sandbox);

    /// <summary>Before a container is made; the result is what is made.</summary>
    Task<ContainerSpec> OnContainerCreatingAsync(SandboxSpec sandbox, ContainerSpec container, CancellationToken cancellationToken) => Task.FromResult(container);

    /// <summary>After a container's process runs.</summary>
    Task OnContainerStartedAsync(SandboxSpec sandbox, ContainerSpec container, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After a container's process has ended.</summary>
    Task OnContainerStoppedAsync(SandboxSpec sandbox, ContainerSpec container, ContainerExit exit, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>While a sandbox stops: its containers have ended and it is still visible.</summary>
    Task OnSandboxStoppingAsync(SandboxSpec sandbox, CancellationToken cancellationToken) => Task.CompletedTask;
}
