using Orlop.Abstractions.Lifecycle;

namespace Orlop.Host.Engine.Pods;

/// <summary>CRI <c>RemoveContainer</c>: kill it, release it, drop its file systems, forget it. Its log stays: the kubelet removes it.</summary>
internal sealed class RemoveContainer(ContainerActor container, EngineParts parts)
{
    public async Task ExecuteAsync(IPhase phase, CancellationToken cancellationToken)
    {
        await new StopContainer(container, TimeSpan.Zero, parts).ExecuteAsync(phase, cancellationToken);
        await container.Turn.WaitAsync(cancellationToken);
        try
        {
            if (!parts.Book.Current.Containers.TryGetValue(container.Id, out var entry)) return;

            if (container.Handle is { } handle)
            {
                using var releasing = phase.Begin("container");
                await handle.RemoveAsync(releasing, cancellationToken);
            }

            using (phase.Begin("snapshot"))
            {
                var snapshotter = parts.Handlers.Snapshotter(entry.Snapshotter);
                foreach (string key in ImageVolumes.SnapshotKeys(entry)) await snapshotter.RemoveAsync(key, cancellationToken);
            }

            await container.Pod.DeleteContainerAsync(container.Id);
            container.Pod.Publish(RuntimeEventKind.Deleted, container.Id);
            PodLog.ContainerRemoved(parts.Logger, container.Id);
        }
        finally
        {
            container.Turn.Release();
        }

        await container.DisposeAsync();
    }
}
