using YamlDotNet.RepresentationModel;

namespace Orlop.Cli.Manifests.Yaml;

/// <summary>
/// An object of a manifest. Each field is read by name and type; <see cref="Close"/> then reports the fields that nobody
/// asked for. A field of the wrong type is reported and reads as absent, so that reading goes on.
/// </summary>
internal sealed partial class ManifestObject
{
    private readonly YamlMappingNode _node;
    private readonly ManifestProblems _problems;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public ManifestObject(YamlMappingNode node, string path, ManifestProblems problems)
    {
        _node = node;
        _problems = problems;
        Path = path;
    }

    public string Path { get; }

    public long Line => _node.Start.Line;

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    public long LineOf(string key) => Find(key)?.Start.Line ?? Line;

    public string PathOf(string key) => Path.Length > 0 ? $"{Path}.{key}" : key;

    public void Error(string key, string text) => _problems.Error(LineOf(key), PathOf(key), text);

    public void Warning(string key, string text) => _problems.Warning(LineOf(key), PathOf(key), text);

    /// <summary>Fields that Kubernetes knows and that change nothing for a pod on one node.</summary>
    public void Accept(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
            _known.Add(key);
    }

    /// <summary>Fields that Kubernetes knows and that have no effect here, which the user should know.</summary>
    public void Ignore(string why, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (Has(key))
                Warning(key, why);
        }
    }

    /// <summary>Fields that Kubernetes knows and without which the pod would not be what its manifest says.</summary>
    public void Refuse(string why, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (Has(key))
                Error(key, why);
        }
    }

    /// <summary>Reports the fields that are no fields of this object.</summary>
    public void Close()
    {
        foreach (var key in _node.Children.Keys)
        {
            string name = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (_known.Contains(name))
                continue;

            string text = Nearest(name) is { } near ? $"there is no such field; did you mean \"{near}\"?" : "there is no such field";
            _problems.Error(key.Start.Line, PathOf(name), text);
        }
    }

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        foreach (var (name, value) in _node.Children)
        {
            if (name is YamlScalarNode { Value: { } text } && text == key)
                return PlainScalar.IsNull(value) ? null : value;
        }

        return null;
    }

    private string? Nearest(string name) =>
        _known.Select(known => (known, Distance: EditDistance(known, name)))
            .Where(candidate => candidate.Distance <= Math.Max(1, name.Length / 3))
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.known, StringComparer.Ordinal)
            .Select(candidate => candidate.known)
            .FirstOrDefault();

    /// <summary>Insertions, deletions and exchanges that make one word of the other, without regard to case.</summary>
    private static int EditDistance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int exchange = diagonal + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(exchange, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[right.Length];
    }
}
