using System.Collections.Concurrent;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;

namespace Orlop.Host.Tests.Engine.Fakes;

internal sealed class FakeSnapshotter : ISnapshotter
{
    private readonly ConcurrentDictionary<string, bool> _keys = new(StringComparer.Ordinal);

    public string Name => "fake";

    public string Folder => "/";

    public IReadOnlyCollection<string> Layers => ["sha256:3333"];

    public IReadOnlyCollection<string> Keys => [.. _keys.Keys];

    public FilesystemUsage Usage => new(DateTimeOffset.UnixEpoch, "/", 0, 0);

    public bool HasLayer(string chainId) => false; // so that what needs one has it unpacked

    public Task<ILayerTransaction> BeginLayerAsync(string chainId, string? parentChainId, CancellationToken cancellationToken) => throw new InvalidOperationException("no layer is unpacked here");

    public Task RemoveLayerAsync(string chainId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Snapshot> PrepareAsync(string key, string? chainId, bool readOnly, IPhase phase, CancellationToken cancellationToken)
    {
        _keys[key] = true;
        return Task.FromResult(new Snapshot(key, [new RootfsMount("bind", "/", [])]));
    }

    public Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        _keys.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    public FilesystemUsage? UsageOf(string key) => null;
}
