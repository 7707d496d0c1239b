namespace Orlop.Host.Configuration;

/// <summary>A table, its keys in the order of the file.</summary>
internal sealed class ConfigTable(Origin origin) : ConfigNode(origin)
{
    private readonly OrderedDictionary<string, ConfigNode> _entries = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, ConfigNode>> Entries => _entries;

    public ConfigNode? Find(string key) => _entries.GetValueOrDefault(key);

    public void Set(string key, ConfigNode node) => _entries[key] = node;

    /// <summary>Lays a later file over this one, key by key: tables merge, any other value is replaced whole.</summary>
    public void Merge(ConfigTable later)
    {
        foreach (var (key, node) in later.Entries)
        {
            if (node is ConfigTable laterTable && Find(key) is ConfigTable table)
                table.Merge(laterTable);
            else
                Set(key, node);
        }
    }

    public override string Describe() => "a table";
}
