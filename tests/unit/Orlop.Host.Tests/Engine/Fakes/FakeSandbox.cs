using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Runtime;

namespace Orlop.Host.Tests.Engine.Fakes;

internal sealed class FakeSandbox(SandboxSpec spec, FakeBackend backend) : ISandbox
{
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => spec.Id;

    public SandboxSpec Spec => spec;

    public string? NetworkNamespace => spec.Network == NamespaceMode.Pod ? $"/run/netns/{spec.Id}" : null;

    public IReadOnlyList<LinuxNamespace> Namespaces { get; } = [new() { Type = "ipc" }, new() { Type = "uts" }];

    public IReadOnlyList<Mount> SharedMounts { get; } = [];

    public Task<string> Lost => _lost.Task;

    public bool Stopped { get; private set; }

    public bool Removed { get; private set; }

    public void Lose(string reason) => _lost.TrySetResult(reason);

    public async Task<IContainer> CreateContainerAsync(ContainerSpec container, IPhase phase, CancellationToken cancellationToken)
    {
        await backend.BeforeCreateContainer(container, cancellationToken);
        var created = new FakeContainer(container, backend);
        backend.Containers[container.Id] = created;
        return created;
    }

    public Task StopAsync(IPhase phase, CancellationToken cancellationToken)
    {
        Stopped = true;
        return Task.CompletedTask;
    }

    public async Task RemoveAsync(IPhase phase, CancellationToken cancellationToken)
    {
        await backend.BeforeRemoveSandbox();
        if (backend.FailRemove) throw new InvalidOperationException("the kernel holds it");
        Removed = true;
    }
}
