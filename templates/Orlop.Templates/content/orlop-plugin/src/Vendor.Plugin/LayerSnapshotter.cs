using System.Collections.Concurrent;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;

namespace Vendor.Plugin;

/// <summary>A snapshotter: each layer is a folder of its differences, and overlayfs puts them together under a writable folder.</summary>
internal sealed class LayerSnapshotter(LayerBook book, Usage usage) : ISnapshotter, IPluginService, IDisposable
{
    private readonly ConcurrentDictionary<string, Layer> _layers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Root> _roots = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1); // held by whoever changes which layers and roots there are

    public string Name => "plugin-id";

    public string Folder => book.Folder;

    public IReadOnlyCollection<string> Layers => [.. _layers.Keys];

    public IReadOnlyCollection<string> Keys => [.. _roots.Keys];

    public FilesystemUsage Usage => usage.Total;

    public bool HasLayer(string chainId) => _layers.ContainsKey(chainId);

    public FilesystemUsage? UsageOf(string key) => usage.Of(key);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var layer in await book.LayersAsync(cancellationToken))
            _layers[layer.ChainId] = layer;
        foreach (var root in await book.RootsAsync(cancellationToken))
            _roots[root.Key] = root;
        await book.RemoveAllButAsync(_layers.Values.Select(layer => layer.Folder).Concat(_roots.Values.Select(root => root.Folder)), cancellationToken);
        usage.Start(() => _roots.Values.Where(root => !root.ReadOnly).ToDictionary(root => root.Key, root => root.Upper));
    }

    public Task StopAsync(CancellationToken cancellationToken) => usage.StopAsync();

    public async Task<ILayerTransaction> BeginLayerAsync(string chainId, string? parentChainId, CancellationToken cancellationToken)
    {
        var lower = ChainOf(parentChainId, $"unpack layer {chainId}");
        var layer = new Layer(chainId, parentChainId, book.NewFolder());
        await LayerBook.MakeRootAsync(layer.Folder, lower.FirstOrDefault(), cancellationToken);
        return new LayerTransaction(layer.Folder, token => AddAsync(layer, token));
    }

    public async Task RemoveLayerAsync(string chainId, CancellationToken cancellationToken)
    {
        using (await EnterAsync(cancellationToken))
        {
            if (!_layers.TryGetValue(chainId, out var layer))
                return;
            if (_layers.Values.FirstOrDefault(other => other.Parent == chainId) is { } above)
                throw RuntimeException.FailedPrecondition($"layer {chainId} of {Name} cannot be removed: layer {above.ChainId} stands on it");
            if (_roots.Values.FirstOrDefault(root => root.ChainId == chainId) is { } root)
                throw RuntimeException.FailedPrecondition($"layer {chainId} of {Name} cannot be removed: the root file system of {root.Key} stands on it");

            await book.ForgetAsync(layer, cancellationToken);
            _layers.TryRemove(chainId, out _);
            await Programs.RemoveAsync(layer.Folder);
        }
    }

    public async Task<Snapshot> PrepareAsync(string key, string? chainId, bool readOnly, IPhase phase, CancellationToken cancellationToken)
    {
        using (await EnterAsync(cancellationToken))
        {
            var lower = ChainOf(chainId, $"make the root file system of {key}");
            if (_roots.TryGetValue(key, out var present))
            {
                return present.ChainId == chainId && present.ReadOnly == readOnly
                    ? new Snapshot(key, [present.MountOn(lower)])
                    : throw new RuntimeException(ErrorKind.AlreadyExists, $"the root file system of {key} is there already, on layer {present.ChainId ?? "(none)"}; remove it first");
            }

            var root = new Root(key, chainId, readOnly, book.NewFolder());
            try
            {
                Directory.CreateDirectory(root.Work);
                await LayerBook.MakeRootAsync(root.Upper, lower.FirstOrDefault(), cancellationToken);
                await book.AddAsync(root, cancellationToken); // last: what has no record is removed at the next start
            }
            catch
            {
                await Programs.RemoveAsync(root.Folder);
                throw;
            }

            _roots[key] = root;
            return new Snapshot(key, [root.MountOn(lower)]);
        }
    }

    public async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        using (await EnterAsync(cancellationToken))
        {
            if (!_roots.TryGetValue(key, out var root))
                return;
            await book.ForgetAsync(root, cancellationToken);
            _roots.TryRemove(key, out _);
            usage.Forget(key);
            await Programs.RemoveAsync(root.Folder);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task AddAsync(Layer layer, CancellationToken cancellationToken)
    {
        using (await EnterAsync(cancellationToken))
        {
            ChainOf(layer.Parent, $"unpack layer {layer.ChainId}"); // it may have been removed meanwhile
            if (_layers.ContainsKey(layer.ChainId))
                throw new RuntimeException(ErrorKind.AlreadyExists, $"layer {layer.ChainId} of {Name} is there already");
            await book.AddAsync(layer, cancellationToken);
            _layers[layer.ChainId] = layer;
        }
    }

    /// <summary>The folders of a layer and of all below it, the top-most first.</summary>
    private List<string> ChainOf(string? chainId, string what)
    {
        var folders = new List<string>();
        for (string? id = chainId; id is not null;)
        {
            if (!_layers.TryGetValue(id, out var layer))
                throw RuntimeException.NotFound($"{what}: layer {id} is not in the snapshotter {Name}; pull its image again");
            folders.Add(layer.Folder);
            id = layer.Parent;
        }

        return folders;
    }

    private async Task<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        return new Turn(_gate);
    }

    private readonly record struct Turn(SemaphoreSlim Gate) : IDisposable
    {
        public void Dispose() => Gate.Release();
    }
}
