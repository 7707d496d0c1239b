using Orlop.Abstractions.Records;

namespace Orlop.Host.State;

/// <summary>One namespace of the record database: the engine's, or a plugin's.</summary>
internal sealed class RecordStore(RecordDatabase database, string ns) : IRecordStore
{
    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken) => database.GetAsync(ns, key, cancellationToken);

    public ValueTask<IReadOnlyList<Record>> ListAsync(string prefix, CancellationToken cancellationToken) => database.ListAsync(ns, prefix, cancellationToken);

    public ValueTask CommitAsync(RecordChanges changes, Durability durability, CancellationToken cancellationToken) =>
        database.CommitAsync(ns, changes, durability, cancellationToken);
}
