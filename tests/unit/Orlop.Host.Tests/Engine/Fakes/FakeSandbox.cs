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

    /// <summary>Why it is lost; null while it lives.</summary>
    public string? LostReason { get; private set; }

    public bool Stopped { get; private set; }

    public bool Removed { get; private set; }

    public void Lose(string reason)
    {
        LostReason = reason;
        _lost.TrySetResult(reason);
    }

    public void Remove()
    {
        foreach (var container in Containers) container.Remove();
        Removed = true;
    }

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
        foreach (var container in Containers.Where(c => c.IsRunning)) container.End(137, ExitReason.Error);
        return Task.CompletedTask;
    }

    public async Task RemoveAsync(IPhase phase, CancellationToken cancellationToken)
    {
        await backend.BeforeRemoveSandbox();
        if (backend.FailRemove) throw new InvalidOperationException("the kernel holds it");
        Remove();
    }

    private IEnumerable<FakeContainer> Containers => backend.Containers.Values.Where(c => c.Spec.SandboxId == Id);
}
