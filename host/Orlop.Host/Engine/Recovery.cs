using Orlop.Abstractions.Execution;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Pods;

namespace Orlop.Host.Engine;

/// <summary>At start: brings the records and what lives on this machine together again. The kernel's word wins (R5).</summary>
internal sealed class Recovery(Runtime runtime, TimeProvider clock)
{
    private readonly EngineParts _parts = runtime.Parts;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _parts.Book.LoadAsync(cancellationToken);
        foreach (var createdAt in runtime.Snapshot.Sandboxes.Values.Select(s => s.CreatedAt).Concat(runtime.Snapshot.Containers.Values.Select(c => c.CreatedAt)))
        {
            _parts.CreationClock.Remember(createdAt);
        }

        int lost = 0;
        foreach (var backend in _parts.Handlers.Backends) lost += await RecoverAsync(backend, cancellationToken);
        foreach (var orphan in runtime.Snapshot.Sandboxes.Values.Where(s => _parts.Handlers.Backend(s.Backend) is null)) await KeepWithoutBackendAsync(orphan);

        int unfinished = await RemoveUnfinishedAsync(cancellationToken);
        PodLog.Recovered(_parts.Logger, runtime.Snapshot.Sandboxes.Count, runtime.Snapshot.Containers.Count, lost, unfinished);
        await SweepAsync(cancellationToken);
    }

    private async Task<int> RecoverAsync(IExecutionBackend backend, CancellationToken cancellationToken)
    {
        var records = runtime.Snapshot.Sandboxes.Values
            .Where(s => s.Backend == backend.Name)
            .Select(s => new SandboxRecord(s.Spec, [.. runtime.Snapshot.ContainersOf(s.Id).Where(c => c.Spec is not null).Select(c => c.Spec!)]))
            .ToList();

        int lost = 0;
        foreach (var found in await backend.RecoverAsync(records, cancellationToken))
        {
            try
            {
                if (found.LostReason is not null) lost++;
                await AdoptAsync(found);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                PodLog.RecoveryFailed(_parts.Logger, $"pod sandbox {found.Id}", e);
            }
        }

        return lost;
    }

    private async Task AdoptAsync(RecoveredSandbox found)
    {
        var pod = new PodActor(found.Id, _parts);
        pod.Adopt(found.Sandbox);
        runtime.Register(pod);
        if (found.LostReason is { } reason && pod.Entry.State == SandboxState.Ready)
        {
            PodLog.SandboxLost(_parts.Logger, found.Id, reason);
            await pod.ChangeAsync(e => e with { State = SandboxState.NotReady });
        }

        var handles = found.Containers.ToDictionary(c => c.Container.Id, StringComparer.Ordinal);
        foreach (var entry in runtime.Snapshot.ContainersOf(found.Id).ToList())
        {
            handles.TryGetValue(entry.Id, out var handle);
            await AdoptAsync(pod, entry, handle, found.LostReason);
        }
    }

    private async Task AdoptAsync(PodActor pod, ContainerEntry entry, RecoveredContainer? found, string? lostReason)
    {
        var container = pod.AddContainer(entry.Id, found?.Container);
        if (entry.State is ContainerState.Creating or ContainerState.Exited) return;

        if (found is null)
        {
            if (entry.State == ContainerState.Created && lostReason is null) return;
            string why = lostReason ?? "its supervisor does not know it";
            await container.RecordExitAsync(new ContainerExit(255, ExitReason.Lost, $"nobody saw how it ended: {why}", clock.GetUtcNow()));
            return;
        }

        // It may have been started by an operation whose end we did not live to record.
        if (found.StartedAt is { } startedAt && entry.State == ContainerState.Created)
        {
            await pod.ChangeAsync(entry.Id, e => e with { State = ContainerState.Running, StartedAt = startedAt });
        }

        if (found.StartedAt is not null || entry.State == ContainerState.Running) container.Watch();
    }

    private async Task KeepWithoutBackendAsync(SandboxEntry orphan)
    {
        var pod = new PodActor(orphan.Id, _parts);
        runtime.Register(pod);
        foreach (var container in runtime.Snapshot.ContainersOf(orphan.Id).ToList()) pod.AddContainer(container.Id, handle: null);
        if (orphan.State == SandboxState.Ready) await pod.ChangeAsync(e => e with { State = SandboxState.NotReady });
    }

    /// <summary>What was being made when the earlier process ended is taken back; the kubelet asks for it again.</summary>
    private async Task<int> RemoveUnfinishedAsync(CancellationToken cancellationToken)
    {
        int removed = 0;
        foreach (var pod in runtime.Pods)
        {
            if (!runtime.Snapshot.Sandboxes.TryGetValue(pod.Id, out var entry)) continue;
            try
            {
                if (entry.State == SandboxState.Creating)
                {
                    using var trace = new OperationTrace(new OperationKey("Recovery", pod.Id), clock);
                    await new RemoveSandbox(pod, _parts, runtime.Forget).ExecuteAsync(new OperationContext(trace, new Callers(), clock, cancellationToken));
                    removed++;
                    continue;
                }

                foreach (var container in pod.Containers.Where(c => c.Entry.State == ContainerState.Creating))
                {
                    using var trace = new OperationTrace(new OperationKey("Recovery", container.Id), clock);
                    await new RemoveContainer(container, _parts).ExecuteAsync(trace, cancellationToken);
                    removed++;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                PodLog.RecoveryFailed(_parts.Logger, $"half-made pod sandbox {pod.Id}", e);
            }
        }

        return removed;
    }

    /// <summary>Releases what belongs to nobody: root file systems and network attachments.</summary>
    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var containers = runtime.Snapshot.Containers;
        foreach (var snapshotter in _parts.Handlers.Snapshotters)
        {
            foreach (string key in snapshotter.Keys.Where(k => !containers.ContainsKey(k)).ToList())
            {
                await SweepAsync($"snapshot {key}", () => snapshotter.RemoveAsync(key, cancellationToken));
            }
        }

        using var trace = new OperationTrace(new OperationKey("Recovery", "network"), clock);
        var attached = runtime.Snapshot.Sandboxes.Values.Where(s => s.Attached).Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        await SweepAsync("network attachments", () => _parts.Network.CollectGarbageAsync(attached, trace, cancellationToken));
    }

    private async Task SweepAsync(string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            PodLog.SweepFailed(_parts.Logger, what, e);
        }
    }
}
