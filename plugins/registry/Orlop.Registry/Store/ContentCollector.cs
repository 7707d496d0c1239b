using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Registry.Content;

namespace Orlop.Registry.Store;

/// <summary>Removes blobs and layers that no image and no pull refers to: mark, then sweep (R14).</summary>
internal sealed class ContentCollector(
    ImageStore images, PullLedger pulls, ContentStore content, StoreGate gate, IEnumerable<ISnapshotter> snapshotters, ILogger<ContentCollector> logger)
{
    private readonly ConcurrentDictionary<string, ISnapshotter> _snapshotters =
        new(snapshotters.ToDictionary(s => s.Name, StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Layers are in this snapshotter too: another plugin's.</summary>
    public void Include(ISnapshotter snapshotter) => _snapshotters.TryAdd(snapshotter.Name, snapshotter);

    /// <summary>Layers that snapshots stand on are left for a later time.</summary>
    public async Task CollectAsync(CancellationToken cancellationToken)
    {
        using var held = await gate.EnterAsync(cancellationToken);
        await pulls.ExpireAsync(cancellationToken);
        var records = images.Records.ToList();
        var blobs = records.SelectMany(r => r.Blobs()).Concat(pulls.Records.SelectMany(p => p.Blobs)).ToHashSet(StringComparer.Ordinal);
        var chains = records.SelectMany(r => r.Chains()).Concat(pulls.Records.SelectMany(p => p.Chains)).ToHashSet(StringComparer.Ordinal);

        int removedBlobs = 0;
        foreach (string digest in (await content.ListAsync(cancellationToken)).Where(d => !blobs.Contains(d)))
        {
            await content.RemoveAsync(digest, cancellationToken);
            removedBlobs++;
        }

        foreach (string digest in content.ListPartial().Where(d => !blobs.Contains(d)))
            content.RemovePartial(digest);

        int removedLayers = 0;
        foreach (var snapshotter in _snapshotters.Values)
            removedLayers += await CollectLayersAsync(snapshotter, chains, cancellationToken);
        if (removedBlobs + removedLayers > 0)
            logger.Collected(removedBlobs, removedLayers);
    }

    // A layer goes before the one below it: rounds, until nothing more can go.
    private static async Task<int> CollectLayersAsync(ISnapshotter snapshotter, HashSet<string> chains, CancellationToken cancellationToken)
    {
        int removed = 0;
        for (int before = -1; before != removed;)
        {
            before = removed;
            foreach (string chainId in snapshotter.Layers.Where(c => !chains.Contains(c)))
            {
                try
                {
                    await snapshotter.RemoveLayerAsync(chainId, cancellationToken);
                    removed++;
                }
                catch (RuntimeException e) when (e.Kind == ErrorKind.FailedPrecondition)
                {
                    // In use: the next round, or a later collection.
                }
            }
        }

        return removed;
    }
}
