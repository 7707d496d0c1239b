using Orlop.Abstractions.Records;
using Record = Orlop.Abstractions.Records.Record;

namespace Orlop.Cni.Tests.Support;

/// <summary>Records in memory; outlives the network that uses it, as the host's store outlives a daemon.</summary>
internal sealed class MemoryRecordStore : IRecordStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, byte[]> _records = new(StringComparer.Ordinal);

    /// <summary>Called before each commit; throwing stands for a daemon that dies there.</summary>
    public Action<RecordChanges>? Committing { get; set; }

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_gate)
            {
                return [.. _records.Keys];
            }
        }
    }

    public byte[] this[string key]
    {
        get
        {
            lock (_gate)
            {
                return _records[key];
            }
        }

        set
        {
            lock (_gate)
            {
                _records[key] = value;
            }
        }
    }

    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_records.GetValueOrDefault(key));
        }
    }

    public ValueTask<IReadOnlyList<Record>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IReadOnlyList<Record> found = [.. _records.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pair => new Record(pair.Key, pair.Value))];
            return ValueTask.FromResult(found);
        }
    }

    public ValueTask CommitAsync(RecordChanges changes, Durability durability, CancellationToken cancellationToken)
    {
        Committing?.Invoke(changes);
        lock (_gate)
        {
            foreach ((string key, byte[]? value) in changes.Changes)
            {
                if (value is null)
                {
                    _records.Remove(key);
                }
                else
                {
                    _records[key] = value;
                }
            }
        }

        return ValueTask.CompletedTask;
    }
}
