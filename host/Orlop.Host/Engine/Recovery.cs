using Orlop.Abstractions.Execution;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Pods;

namespace Orlop.Host.Engine;

/// <summary>
/// At start, before the first call: gives every record an actor again, with what its backend found of it. The kernel's word
/// wins (R5). What was half made is taken back. From then on <see cref="Reconciler"/> keeps records and node together.
/// </summary>
internal sealed class Recovery(Runtime runtime, TimeProvider clock)
{
    /// <summary>How long the first call may have to wait for half-made pods to be taken back; what takes longer is left to RemovePodSandbox.</summary>
    private static readonly TimeSpan TakeBackDeadline = TimeSpan.FromSeconds(15);

    private readonly EngineParts _parts = runtime.Parts;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var createdAt in runtime.Snapshot.Sandboxes.Values.Select(s => s.CreatedAt).Concat(runtime.Snapshot.Containers.Values.Select(c => c.CreatedAt)))
        {
            _parts.CreationClock.Remember(createdAt);
        }

        await RemoveStrayContainersAsync();
        int[] lost = await Task.WhenAll(_parts.Handlers.Backends.Select(backend => RecoverAsync(backend, cancellationToken)));
        var adopted = runtime.Pods.Select(pod => pod.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var orphan in runtime.Snapshot.Sandboxes.Values.Where(s => !adopted.Contains(s.Id))) await KeepWithoutHandleAsync(orphan);

        int[] unfinished = await Task.WhenAll(runtime.Pods.Select(pod => TakeBackAsync(pod, cancellationToken)));
        PodLog.Recovered(_parts.Logger, runtime.Snapshot.Sandboxes.Count, runtime.Snapshot.Containers.Count, lost.Sum(), unfinished.Sum());
    }

    /// <summary>Containers of a sandbox whose record is gone or unreadable: nobody could name, stop or remove them any more.</summary>
    private async Task RemoveStrayContainersAsync()
    {
        foreach (var stray in runtime.Snapshot.Containers.Values.Where(c => !runtime.Snapshot.Sandboxes.ContainsKey(c.SandboxId)))
        {
            PodLog.ContainerStray(_parts.Logger, stray.Id, stray.SandboxId);
            await TryAsync($"container {stray.Id}", () => _parts.Book.DeleteContainerAsync(stray.Id));
        }
    }

    private async Task<int> RecoverAsync(IExecutionBackend backend, CancellationToken cancellationToken)
    {
        var records = runtime.Snapshot.Sandboxes.Values
            .Where(s => s.Backend == backend.Name)
            .Select(s => new SandboxRecord(s.Spec, [.. runtime.Snapshot.ContainersOf(s.Id).Where(c => c.Spec is not null).Select(c => c.Spec!)]))
            .ToList();

        var all = await FindAsync(backend, records, cancellationToken);
        foreach (var found in all) await TryAsync($"pod sandbox {found.Id}", () => AdoptAsync(found));
        return all.Count(found => found.LostReason is not null);
    }

    private async Task<IReadOnlyList<RecoveredSandbox>> FindAsync(IExecutionBackend backend, IReadOnlyList<SandboxRecord> records, CancellationToken cancellationToken)
    {
        try
        {
            return await backend.RecoverAsync(records, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            PodLog.RecoveryFailed(_parts.Logger, $"all pods of {backend.Name}", e); // the daemon starts (R12)
            return [];
        }
    }

    private async Task AdoptAsync(RecoveredSandbox found)
    {
        var pod = Register(found.Id);
        pod.Adopt(found);
        foreach (var container in found.Containers)
        {
            if (pod.TryGetContainer(container.Container.Id, out var actor)) actor.Adopt(container);
        }

        await pod.RepairAsync();
    }

    /// <summary>Its backend is missing, or could not look: it stays on record.</summary>
    private async Task KeepWithoutHandleAsync(SandboxEntry orphan)
    {
        var pod = Register(orphan.Id);
        await TryAsync($"pod sandbox {pod.Id}", pod.RepairAsync);
    }

    private PodActor Register(string id)
    {
        var pod = new PodActor(id, _parts);
        foreach (var container in runtime.Snapshot.ContainersOf(id).OrderBy(c => c.CreatedAt)) pod.AddContainer(container.Id);
        runtime.Register(pod);
        return pod;
    }

    /// <summary>What was being made when the earlier process ended is taken back; the kubelet asks for it again.</summary>
    private async Task<int> TakeBackAsync(PodActor pod, CancellationToken cancellationToken)
    {
        if (pod.Entry.State == SandboxState.Creating)
        {
            await TakeBackAsync(
                pod.Id,
                (trace, token) => new RemoveSandbox(pod, _parts, runtime.Forget).ExecuteAsync(new OperationContext(trace, new Callers(), clock, token)),
                () =>
                {
                    pod.IsAbandoned = true;
                    return pod.RepairAsync();
                },
                cancellationToken);
            return 1;
        }

        var unfinished = pod.Containers.Where(c => c.Entry.State == ContainerState.Creating).ToList();
        foreach (var container in unfinished)
        {
            await TakeBackAsync(
                container.Id,
                (trace, token) => new RemoveContainer(container, _parts).ExecuteAsync(trace, token),
                () => container.RecordExitAsync(new ContainerExit(255, ExitReason.Lost, "its creation was cut off", clock.GetUtcNow())),
                cancellationToken);
        }

        return unfinished.Count;
    }

    private async Task TakeBackAsync(string id, Func<OperationTrace, CancellationToken, Task> remove, Func<Task> keep, CancellationToken cancellationToken)
    {
        using var trace = new OperationTrace(new OperationKey("Recovery", id), clock);
        using var deadline = new CancellationTokenSource(TakeBackDeadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await remove(trace, either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            PodLog.RecoveryFailed(_parts.Logger, $"half-made {id} in phase {trace.Position}", e);
            await TryAsync(id, keep);
        }
    }

    /// <summary>The daemon starts whatever cannot be written down (R12); the reconciler tries again.</summary>
    private async Task TryAsync(string what, Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            PodLog.RecoveryFailed(_parts.Logger, what, e);
        }
    }
}
