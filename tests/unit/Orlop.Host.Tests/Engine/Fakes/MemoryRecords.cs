using System.Collections.Concurrent;
using Orlop.Abstractions.Records;
using Record = Orlop.Abstractions.Records.Record;

namespace Orlop.Host.Tests.Engine.Fakes;

/// <summary>A record store that outlives the engines of a test.</summary>
internal sealed class MemoryRecords : IRecordStore
{
    public ConcurrentDictionary<string, byte[]> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the disk is full.</summary>
    public bool Full { get; set; }

    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken) => ValueTask.FromResult(Values.GetValueOrDefault(key));

    public ValueTask<IReadOnlyList<Record>> ListAsync(string prefix, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<Record>>(
        [.. Values.Where(v => v.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => new Record(v.Key, v.Value))]);

    public ValueTask CommitAsync(RecordChanges changes, Durability durability, CancellationToken cancellationToken)
    {
        if (Full) throw new IOException("no space left on device");
        foreach (var (key, value) in changes.Changes)
        {
            if (value is null) Values.TryRemove(key, out _);
            else Values[key] = value;
        }

        return ValueTask.CompletedTask;
    }
}
