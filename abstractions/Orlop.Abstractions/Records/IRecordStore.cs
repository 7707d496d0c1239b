namespace Orlop.Abstractions.Records;

/// <summary>A durable, ordered key-value store that the host lends to each plugin, in a namespace of the plugin's own.</summary>
public interface IRecordStore
{
    /// <summary>The value of a key, or null.</summary>
    ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>All records whose key starts with the prefix, in ordinal order of their keys.</summary>
    ValueTask<IReadOnlyList<Record>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Applies all changes or none, and returns once they are as durable as asked.</summary>
    ValueTask CommitAsync(RecordChanges changes, Durability durability, CancellationToken cancellationToken);
}
