using Orlop.Cli.Manifests;

namespace Orlop.Cli.Pods;

/// <summary>The environment of a pod's containers: values see the variables before them, fields of the pod are filled in.</summary>
internal sealed class EnvironmentBuilder(PodManifest pod, string nodeName, IReadOnlyList<string> addresses)
{
    public IReadOnlyList<KeyValuePair<string, string>> Build(ContainerManifest container)
    {
        var list = new List<KeyValuePair<string, string>>();
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in container.Environment)
        {
            string value = variable.FieldPath is { } path ? Field(path) : Expansion.Expand(variable.Value, known);
            known[variable.Name] = value;
            list.Add(new(variable.Name, value));
        }

        return list;
    }

    /// <summary>The manifest's reader lets no other paths through.</summary>
    private string Field(string path) => path switch
    {
        "metadata.name" => pod.Name,
        "metadata.namespace" => pod.Namespace,
        "metadata.uid" => pod.Uid,
        "spec.nodeName" => nodeName,
        "status.podIP" => addresses.FirstOrDefault(""),
        "status.podIPs" => string.Join(',', addresses),
        _ when path.StartsWith("metadata.labels['", StringComparison.Ordinal) => pod.Labels.GetValueOrDefault(KeyOf(path), ""),
        _ => pod.Annotations.GetValueOrDefault(KeyOf(path), ""),
    };

    private static string KeyOf(string path)
    {
        int start = path.IndexOf("['", StringComparison.Ordinal) + 2;
        return path[start..^2];
    }
}
