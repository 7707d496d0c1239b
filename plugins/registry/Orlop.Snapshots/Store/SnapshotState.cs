using System.Collections.Immutable;

namespace Orlop.Snapshots.Store;

/// <summary>All layers and snapshots at one moment; readers take no lock (R3).</summary>
internal sealed record SnapshotState(ImmutableDictionary<string, LayerRecord> Layers, ImmutableDictionary<string, SnapshotRecord> Snapshots)
{
    public static SnapshotState Empty { get; } = new(
        ImmutableDictionary.Create<string, LayerRecord>(StringComparer.Ordinal), ImmutableDictionary.Create<string, SnapshotRecord>(StringComparer.Ordinal));

    /// <summary>A layer and all below it, the top-most first; null when one of them is missing.</summary>
    public IReadOnlyList<LayerRecord>? Chain(string? chainId)
    {
        var chain = new List<LayerRecord>();
        for (string? id = chainId; id is not null;)
        {
            // A chain longer than there are layers would be a loop, which only a damaged record could make.
            if (!Layers.TryGetValue(id, out var layer) || chain.Count > Layers.Count)
                return null;
            chain.Add(layer);
            id = layer.Parent;
        }

        return chain;
    }
}
