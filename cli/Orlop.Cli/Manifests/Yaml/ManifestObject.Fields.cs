using YamlDotNet.RepresentationModel;

namespace Orlop.Cli.Manifests.Yaml;

internal sealed partial class ManifestObject
{
    public string? String(string key) => Find(key) is { } node ? StringOf(node, PathOf(key)) : null;

    /// <summary>A string that must be there and not be empty; "" after the report that it is not.</summary>
    public string RequiredString(string key)
    {
        string? value = String(key);
        if (!Has(key) || value is "")
            Error(key, "this field is required");

        return value ?? "";
    }

    public bool? Boolean(string key)
    {
        if (Find(key) is not { } node)
            return null;

        if (node is YamlScalarNode scalar && PlainScalar.TryGetBoolean(scalar, out bool value))
            return value;

        Error(key, $"{Show(node)} is not true or false");
        return null;
    }

    public long? Integer(string key, long min, long max)
    {
        if (Find(key) is not { } node)
            return null;

        if (node is not YamlScalarNode scalar || !PlainScalar.TryGetInteger(scalar, out long value))
        {
            Error(key, $"{Show(node)} is not a whole number");
            return null;
        }

        if (value >= min && value <= max)
            return value;

        Error(key, $"{value} is not within {min} to {max}");
        return null;
    }

    /// <summary>One of the given words, as they are spelled.</summary>
    public string? OneOf(string key, params ReadOnlySpan<string> words)
    {
        string? value = String(key);
        if (value is null || words.Contains(value))
            return value;

        Error(key, $"\"{value}\" is none of {string.Join(", ", words)}");
        return null;
    }

    public Quantity? Quantity(string key)
    {
        if (Find(key) is not { } node)
            return null;

        if (node is YamlScalarNode { Value: { } text } && Manifests.Quantity.TryParse(text, out var quantity))
        {
            if (quantity.IsNegative)
                Error(key, $"{text} is negative");

            return quantity;
        }

        Error(key, $"{Show(node)} is not a quantity like 250m, 1.5 or 64Mi");
        return null;
    }

    public ManifestObject? Object(string key)
    {
        switch (Find(key))
        {
            case null:
                return null;
            case YamlMappingNode mapping:
                return new ManifestObject(mapping, PathOf(key), _problems);
            default:
                Error(key, "it is not an object");
                return null;
        }
    }

    public IReadOnlyList<ManifestObject> Objects(string key)
    {
        var result = new List<ManifestObject>();
        foreach (var (node, path) in Items(key))
        {
            if (node is YamlMappingNode mapping)
                result.Add(new ManifestObject(mapping, path, _problems));
            else
                _problems.Error(node.Start.Line, path, "it is not an object");
        }

        return result;
    }

    public IReadOnlyList<string> Strings(string key) =>
        [.. Items(key).Select(item => StringOf(item.Node, item.Path)).OfType<string>()];

    public IReadOnlyList<long> Integers(string key, long min, long max)
    {
        var result = new List<long>();
        foreach (var (node, path) in Items(key))
        {
            if (node is YamlScalarNode scalar && PlainScalar.TryGetInteger(scalar, out long value) && value >= min && value <= max)
                result.Add(value);
            else
                _problems.Error(node.Start.Line, path, $"{Show(node)} is not a whole number within {min} to {max}");
        }

        return result;
    }

    /// <summary>An object whose values are strings, such as labels.</summary>
    public IReadOnlyDictionary<string, string> Map(string key)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Object(key) is not { } map)
            return result;

        foreach (var (name, value) in map._node.Children)
        {
            string text = (name as YamlScalarNode)?.Value ?? "";
            result[text] = PlainScalar.IsNull(value) ? "" : StringOf(value, $"{map.Path}[{text}]") ?? "";
        }

        return result;
    }

    /// <summary>The names of the fields, in their order.</summary>
    public IEnumerable<string> Keys => _node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    private IEnumerable<(YamlNode Node, string Path)> Items(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlSequenceNode sequence:
                return sequence.Children.Select((node, index) => (node, $"{PathOf(key)}[{index}]"));
            default:
                Error(key, "it is not a list");
                return [];
        }
    }

    private string? StringOf(YamlNode node, string path)
    {
        if (node is YamlScalarNode scalar)
        {
            if (!PlainScalar.NeedsQuotes(scalar))
                return scalar.Value ?? "";

            _problems.Error(node.Start.Line, path, $"{scalar.Value} is not a string; write \"{scalar.Value}\"");
            return null;
        }

        _problems.Error(node.Start.Line, path, "it is not a string");
        return null;
    }

    private static string Show(YamlNode node) => node is YamlScalarNode scalar ? $"\"{scalar.Value}\"" : "it";
}
