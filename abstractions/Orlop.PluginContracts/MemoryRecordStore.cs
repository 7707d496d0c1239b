using Orlop.Abstractions.Records;
using Record = Orlop.Abstractions.Records.Record;

namespace Orlop.PluginContracts;

/// <summary>The record store that the host would lend, in memory. One that is kept across two plugin objects plays a restart of the host.</summary>
public sealed class MemoryRecordStore : IRecordStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, byte[]> _records = new(StringComparer.Ordinal);

    /// <summary>Called before each commit: an exception plays a full disk, or a host that dies there.</summary>
    public Action<RecordChanges>? Committing { get; set; }

    /// <summary>The keys of all records, in ordinal order.</summary>
    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_gate)
                return [.. _records.Keys];
        }
    }

    /// <summary>A record as it lies in the store; setting one passes by <see cref="Committing"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such record.</exception>
    public byte[] this[string key]
    {
        get
        {
            lock (_gate)
                return _records[key];
        }

        set
        {
            lock (_gate)
                _records[key] = value;
        }
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        lock (_gate)
            return ValueTask.FromResult(_records.GetValueOrDefault(key));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Record>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<Record>>(
                [.. _records.Where(record => record.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(record => new Record(record.Key, record.Value))]);
        }
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(RecordChanges changes, Durability durability, CancellationToken cancellationToken)
    {
        Committing?.Invoke(changes);
        lock (_gate)
        {
            foreach (var (key, value) in changes.Changes)
            {
                if (value is null)
                    _records.Remove(key);
                else
                    _records[key] = value;
            }
        }

        return ValueTask.CompletedTask;
    }
}
