namespace Orlop.Abstractions.Records;

/// <summary>Changes that are applied together: the last change of a key wins.</summary>
public sealed class RecordChanges
{
    private readonly Dictionary<string, byte[]?> _changes = new(StringComparer.Ordinal);

    /// <summary>Each changed key with its new value, or null where it is deleted.</summary>
    public IReadOnlyDictionary<string, byte[]?> Changes => _changes;

    /// <summary>Writes a record.</summary>
    public RecordChanges Put(string key, byte[] value)
    {
        _changes[key] = value;
        return this;
    }

    /// <summary>Deletes a record; no error when there is none.</summary>
    public RecordChanges Delete(string key)
    {
        _changes[key] = null;
        return this;
    }
}
