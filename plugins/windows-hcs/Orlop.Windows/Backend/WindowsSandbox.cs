using System.Collections.Concurrent;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Windows.Compute;
using Orlop.Windows.Interop;

namespace Orlop.Windows.Backend;

/// <summary>A pod sandbox: an HCN namespace, and the containers that join it.</summary>
/// <param name="parts">The plugin's parts.</param>
/// <param name="spec">As it was made.</param>
/// <param name="networkNamespace">Its HCN namespace; null when a lost sandbox has none any more.</param>
/// <param name="removed">Called once it is gone.</param>
internal sealed class WindowsSandbox(BackendParts parts, SandboxSpec spec, Guid? networkNamespace, Action<string> removed) : ISandbox
{
    private readonly ConcurrentDictionary<string, WindowsContainer> _containers = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<string> _lost = new(); // nothing stands behind a sandbox that could end by itself

    /// <inheritdoc/>
    public string Id => spec.Id;

    /// <inheritdoc/>
    public string? NetworkNamespace => networkNamespace?.ToString();

    /// <inheritdoc/>
    public IReadOnlyList<LinuxNamespace> Namespaces => [];

    /// <inheritdoc/>
    public IReadOnlyList<Mount> SharedMounts => [];

    /// <inheritdoc/>
    public Task<string> Lost => _lost.Task;

    /// <inheritdoc/>
    public async Task<IContainer> CreateContainerAsync(ContainerSpec container, IPhase phase, CancellationToken cancellationToken)
    {
        if (networkNamespace is not { } network) throw RuntimeException.FailedPrecondition($"pod sandbox {Id} is lost: no container can be created in it");
        var created = await WindowsContainer.CreateAsync(parts, container, spec, network, phase, cancellationToken);
        Add(created);
        return created;
    }

    /// <inheritdoc/>
    public Task StopAsync(IPhase phase, CancellationToken cancellationToken) => Task.WhenAll(_containers.Values.Select(c => c.StopAsync(cancellationToken)));

    /// <inheritdoc/>
    public async Task RemoveAsync(IPhase phase, CancellationToken cancellationToken)
    {
        await Task.WhenAll(_containers.Values.Select(c => c.RemoveAsync(phase, cancellationToken)));
        try
        {
            if (networkNamespace is { } network) await parts.Network.DeleteNamespaceAsync(network);
        }
        catch (HcsException e)
        {
            throw e.Translate($"pod sandbox {Id}: its network namespace {networkNamespace} cannot be deleted");
        }

        await parts.Records.DeleteSandboxAsync(Id);
        removed(Id);
    }

    /// <summary>Takes in a container that was made or found again.</summary>
    public void Add(WindowsContainer container)
    {
        container.Removed = id => _containers.TryRemove(id, out _);
        _containers[container.Id] = container;
    }

    /// <summary>What its containers use now; the pod itself is their sum, which is the host's to make.</summary>
    public async Task<SandboxUsage> MeasureAsync()
    {
        var measured = await Task.WhenAll(_containers.Values.Select(async c => (c.Id, Usage: await c.MeasureAsync())));
        return new SandboxUsage
        {
            SandboxId = Id,
            At = parts.Time.GetUtcNow(),
            Containers = measured.Where(m => m.Usage is not null).ToDictionary(m => m.Id, m => m.Usage!, StringComparer.Ordinal),
        };
    }
}
