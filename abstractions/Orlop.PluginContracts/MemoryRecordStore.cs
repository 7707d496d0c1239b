using System.Collections.Concurrent;
using Orlop.Abstractions.Records;

namespace Orlop.PluginContracts;

/// <summary>The record store that the host would lend, in memory. One that is kept across two plugin objects plays a restart of the host.</summary>
public sealed class MemoryRecordStore : IRecordStore
{
    private readonly ConcurrentDictionary<string, byte[]> _records = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken) => ValueTask.FromResult(_records.GetValueOrDefault(key));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Record>> ListAsync(string prefix, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<Record>>(
        [.. _records.Where(r => r.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => new Record(r.Key, r.Value))]);

    /// <inheritdoc/>
    public ValueTask CommitAsync(RecordChanges changes, Durability durability, CancellationToken cancellationToken)
    {
        foreach (var (key, value) in changes.Changes)
        {
            if (value is null) _records.TryRemove(key, out _);
            else _records[key] = value;
        }

        return ValueTask.CompletedTask;
    }
}
