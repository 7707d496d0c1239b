namespace Orlop.Cli.Manifests.Yaml;

/// <summary>Collects all problems of a manifest, so that they are shown together.</summary>
internal sealed class ManifestProblems
{
    private readonly List<ManifestProblem> _all = [];

    public IEnumerable<ManifestProblem> Errors => _all.Where(problem => problem.IsError).OrderBy(problem => problem.Line);

    public IEnumerable<ManifestProblem> Warnings => _all.Where(problem => !problem.IsError).OrderBy(problem => problem.Line);

    public void Error(long line, string path, string text) => _all.Add(new ManifestProblem(true, line, path, text));

    public void Warning(long line, string path, string text) => _all.Add(new ManifestProblem(false, line, path, text));
}
