using Orlop.Cli.Hosting;
using Orlop.Cli.Manifests.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Orlop.Cli.Manifests;

/// <summary>A file with one Pod manifest in YAML or JSON.</summary>
internal static class ManifestFile
{
    private const int LargestFile = 3 << 20; // what an API server takes

    /// <summary>Reads and checks a manifest; all its errors come together, each with its line.</summary>
    /// <param name="name">What problems call the file.</param>
    /// <param name="warn">Takes each warning.</param>
    /// <exception cref="CliException">With the exit code for usage errors.</exception>
    public static PodManifest Read(string name, string text, Action<string> warn)
    {
        var problems = new ManifestProblems();
        var pod = PodReader.Read(new ManifestObject(ParseRoot(name, text), "", problems));

        foreach (var warning in problems.Warnings)
            warn(warning.In(name));

        var errors = problems.Errors.Select(error => "\n  " + error.In(name)).ToList();
        if (errors.Count > 0)
            throw CliException.Usage($"read {name}", errors.Count == 1 ? "it has an error" : $"it has {errors.Count} errors", "correct it:" + string.Concat(errors));

        return pod;
    }

    private static YamlMappingNode ParseRoot(string name, string text)
    {
        string what = $"read {name}";
        if (text.Length > LargestFile)
            throw CliException.Usage(what, "it is larger than 3 MiB, which no Pod is");

        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException failure)
        {
            throw CliException.Usage(what, $"line {failure.Start.Line}, column {failure.Start.Column}: {failure.Message}");
        }

        var documents = stream.Documents.Where(document => !PlainScalar.IsNull(document.RootNode)).ToList();
        return documents switch
        {
            [] => throw CliException.Usage(what, "it is empty", "give it a v1 Pod"),
            [{ RootNode: YamlMappingNode root }] => root,
            [_] => throw CliException.Usage(what, "it is not an object", "give it a v1 Pod"),
            [_, var second, ..] => throw CliException.Usage(what,
                $"it has {documents.Count} documents, the second at line {second.RootNode.Start.Line}", "put each Pod in a file of its own"),
        };
    }
}
