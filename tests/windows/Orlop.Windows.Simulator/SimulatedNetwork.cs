using System.Collections.Concurrent;
using Orlop.Windows.Host;

namespace Orlop.Windows.Simulator;

/// <summary>HNS of a simulated node.</summary>
internal sealed class SimulatedNetwork : INetworkApi
{
    private readonly ConcurrentDictionary<Guid, bool> _namespaces = new();

    public int Count => _namespaces.Count;

    public bool Contains(Guid id) => _namespaces.ContainsKey(id);

    /// <inheritdoc/>
    public Task CreateNamespaceAsync(Guid id) => Task.Run(() => _namespaces[id] = true);

    /// <inheritdoc/>
    public Task<bool> NamespaceExistsAsync(Guid id) => Task.Run(() => _namespaces.ContainsKey(id));

    /// <inheritdoc/>
    public Task DeleteNamespaceAsync(Guid id) => Task.Run(() => _namespaces.TryRemove(id, out _));
}
