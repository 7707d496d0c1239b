namespace Orlop.Cli.Manifests.Yaml;

/// <summary>Something wrong or without effect at a place of a manifest.</summary>
/// <param name="Path">The field, for example <c>spec.containers[0].image</c>.</param>
internal sealed record ManifestProblem(bool IsError, long Line, string Path, string Text)
{
    /// <summary>As compilers write it, so that editors can jump there.</summary>
    public string In(string file) => Path.Length > 0 ? $"{file}:{Line}: {Path}: {Text}" : $"{file}:{Line}: {Text}";
}
