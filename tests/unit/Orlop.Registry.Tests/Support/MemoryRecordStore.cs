using Orlop.Abstractions.Records;
using Record = Orlop.Abstractions.Records.Record;

namespace Orlop.Registry.Tests.Support;

/// <summary>A record store without a disk. It outlives a plugin, so that a restart can be played.</summary>
internal sealed class MemoryRecordStore : IRecordStore
{
    private readonly SortedDictionary<string, byte[]> _records = new(StringComparer.Ordinal);

    public Dictionary<string, Durability> LastDurability { get; } = new(StringComparer.Ordinal);

    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        lock (_records)
            return ValueTask.FromResult(_records.GetValueOrDefault(key));
    }

    public ValueTask<IReadOnlyList<Record>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        lock (_records)
            return ValueTask.FromResult<IReadOnlyList<Record>>([.. _records.Where(r => r.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(r => new Record(r.Key, r.Value))]);
    }

    public ValueTask CommitAsync(RecordChanges changes, Durability durability, CancellationToken cancellationToken)
    {
        lock (_records)
        {
            foreach (var (key, value) in changes.Changes)
            {
                LastDurability[key] = durability;
                if (value is null)
                    _records.Remove(key);
                else
                    _records[key] = value;
            }
        }

        return ValueTask.CompletedTask;
    }
}
