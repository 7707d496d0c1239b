using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Pods;

namespace Orlop.Host.Engine;

/// <summary>
/// At start and every minute, while operations run: brings the records and what is on this node together again, both ways
/// (R5, R16). It only ever takes away what it saw first and then found without a record: a record exists before anything is
/// made and until everything is removed, so nothing that a running operation works on can be hit.
/// </summary>
internal sealed class Reconciler(Runtime runtime, TimeProvider clock)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly EngineParts _parts = runtime.Parts;

    /// <summary>Reconciles now and then every minute, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await PassAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>One comparison. What fails is logged and left to the next one; it does not stop the rest.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        using var trace = new OperationTrace(new OperationKey("Reconcile", "this node"), clock);
        foreach (var pod in runtime.Pods) await TryAsync($"pod sandbox {pod.Id}", () => RepairAsync(pod, trace, cancellationToken), cancellationToken);

        // Before the namespaces of stray pods go: what a network has set up on the node is found by what is inside.
        await TryAsync("network attachments", () => _parts.Network.CollectGarbageAsync(IsAttached, trace, cancellationToken), cancellationToken);
        foreach (var backend in _parts.Handlers.Backends) await TryAsync(backend.Name, () => backend.ReconcileAsync(IsKnown, cancellationToken), cancellationToken);
        foreach (var snapshotter in _parts.Handlers.Snapshotters)
        {
            foreach (string key in snapshotter.Keys.Where(key => !runtime.Snapshot.Containers.ContainsKey(ImageVolumes.ContainerOf(key))).ToList())
            {
                await TryAsync($"snapshot {key}", () => snapshotter.RemoveAsync(key, cancellationToken), cancellationToken);
            }
        }
    }

    /// <summary>A record without life: ends that nobody wrote down, and a network that a lost sandbox still holds.</summary>
    private async Task RepairAsync(PodActor pod, OperationTrace trace, CancellationToken cancellationToken)
    {
        await pod.RepairAsync();
        if (pod.LostReason is null || !IsAttached(pod.Id)) return;

        await _parts.Network.DetachAsync(pod.Id, pod.Sandbox?.NetworkNamespace, trace, cancellationToken);
        await pod.ChangeAsync(e => e with { Attached = false, Addresses = [] });
        PodLog.NetworkReleased(_parts.Logger, pod.Id);
    }

    private bool IsKnown(string id) => runtime.Snapshot.Sandboxes.ContainsKey(id) || runtime.Snapshot.Containers.ContainsKey(id);

    private bool IsAttached(string sandboxId) => runtime.Snapshot.Sandboxes.TryGetValue(sandboxId, out var entry) && entry.Attached;

    private async Task TryAsync(string what, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            PodLog.ReconcileFailed(_parts.Logger, what, e);
        }
    }
}
