namespace Orlop.Host.Configuration;

/// <summary>
/// Takes typed values out of a table. A key is known once it has been asked for; whatever is left over at
/// <see cref="Finish"/> is an error that names the nearest known key.
/// </summary>
/// <param name="table">The table; null where the file has none, and everything is a default.</param>
/// <param name="path">The dotted path of the table, empty for the document.</param>
/// <param name="errors">Receives what is wrong.</param>
/// <param name="settings">Receives each effective value with its origin.</param>
internal sealed class TableReader(ConfigTable? table, string path, ConfigErrors errors, List<ConfigSetting> settings)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public string String(string key, string fallback, Func<string, string?>? rule = null) =>
        Scalar(key, fallback, "a string", rule);

    public bool Boolean(string key, bool fallback) => Scalar(key, fallback, "true or false", rule: null);

    public long Integer(string key, long fallback, Func<long, string?>? rule = null) =>
        Scalar(key, fallback, "an integer", rule);

    /// <summary>One of a few names, each standing for a value.</summary>
    public T Choice<T>(string key, string fallback, IReadOnlyDictionary<string, T> choices)
    {
        string name = String(key, fallback, value => choices.ContainsKey(value)
            ? null
            : $"expected one of {string.Join(", ", choices.Keys.Select(c => $"\"{c}\""))}");
        return choices.TryGetValue(name, out var chosen) ? chosen : choices[fallback];
    }

    public IReadOnlyList<string> Strings(string key, IReadOnlyList<string> fallback, Func<string, string?>? rule = null)
    {
        var (value, origin) = (fallback, Origin.Default);
        if (Take(key) is { } node)
        {
            if (node is ConfigList list && list.Items.All(item => item is ConfigScalar { Value: string }))
            {
                (value, origin) = ([.. list.Items.Select(item => (string)((ConfigScalar)item).Value)], node.Origin);
                foreach (var item in list.Items)
                    Check(key, item, (string)((ConfigScalar)item).Value, rule);
            }
            else
            {
                Reject(key, node, "an array of strings", fallback);
            }
        }

        settings.Add(new ConfigSetting(PathOf(key), TomlText.Of(value), origin));
        return value;
    }

    /// <summary>The table of a key; a reader of defaults where there is none.</summary>
    public TableReader Table(string key) => new(TakeTable(key), PathOf(key), errors, settings);

    /// <summary>The table of a key as it is, for a reader who knows its keys later.</summary>
    public ConfigTable? TakeTable(string key)
    {
        var node = Take(key);
        if (node is not null and not ConfigTable)
            errors.Add(node.Origin, $"{PathOf(key)} is {node.Describe()}; expected a table: write [{PathOf(key)}]");
        return node as ConfigTable;
    }

    /// <summary>The names in a table of tables, such as the handlers in <c>[handlers.&lt;name&gt;]</c>.</summary>
    public IReadOnlyList<string> Names() => [.. table?.Entries.Select(entry => entry.Key) ?? []];

    /// <summary>The origin of a key's value.</summary>
    public Origin OriginOf(string key) => table?.Find(key)?.Origin ?? Origin.Default;

    /// <summary>Says that a key is known without reading it here.</summary>
    public void Know(string key) => _known.Add(key);

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void Finish()
    {
        foreach (var (key, node) in table?.Entries ?? [])
        {
            if (!_known.Contains(key))
                errors.Add(node.Origin, $"unknown key '{PathOf(key)}'; {NearestKey.Hint(key, _known)}");
        }
    }

    private T Scalar<T>(string key, T fallback, string expected, Func<T, string?>? rule)
        where T : notnull
    {
        var (value, origin) = (fallback, Origin.Default);
        if (Take(key) is { } node)
        {
            if (node is ConfigScalar { Value: T typed })
            {
                Check(key, node, typed, rule);
                (value, origin) = (typed, node.Origin);
            }
            else
            {
                Reject(key, node, expected, fallback);
            }
        }

        settings.Add(new ConfigSetting(PathOf(key), TomlText.Of(value), origin));
        return value;
    }

    private void Check<T>(string key, ConfigNode node, T value, Func<T, string?>? rule)
    {
        if (rule?.Invoke(value) is { } objection)
            errors.Add(node.Origin, $"{PathOf(key)} is {node.Describe()}; {objection}");
    }

    private void Reject(string key, ConfigNode node, string expected, object fallback) =>
        errors.Add(node.Origin, $"{PathOf(key)} is {node.Describe()}; expected {expected}, for example {TomlText.Key(key)} = {TomlText.Of(fallback)}");

    private ConfigNode? Take(string key)
    {
        _known.Add(key);
        return table?.Find(key);
    }

    private string PathOf(string key) => path.Length == 0 ? TomlText.Key(key) : $"{path}.{TomlText.Key(key)}";
}
