using System.Text;
using Orlop.Cli.Hosting;
using Orlop.Cri.V1;

namespace Orlop.Cli.Client;

/// <summary>A pod or a container that a command works on.</summary>
internal sealed class Target
{
    public Target(PodSandbox pod) => Pod = pod;

    public Target(Container container) => Container = container;

    public PodSandbox? Pod { get; }

    public Container? Container { get; }

    public string Id => Pod?.Id ?? Container!.Id;

    /// <summary>One line of a list of candidates.</summary>
    private string Line => Pod is { } pod
        ? $"pod        {ShortId.Of(pod.Id)}  {pod.Metadata.Namespace}/{pod.Metadata.Name}"
        : $"container  {ShortId.Of(Id)}  {ContainerFinder.PathOf(Container!)}";

    /// <summary>Takes the only candidate.</summary>
    /// <exception cref="CliException">None, or several: then all are listed.</exception>
    public static Target Single(string what, IEnumerable<Target> candidates, string next)
    {
        var found = candidates.ToList();
        switch (found)
        {
            case [var only]:
                return only;
            case []:
                throw new CliException(what, "there is none", next);
            default:
                var list = new StringBuilder();
                foreach (var candidate in found)
                    list.Append("\n  ").Append(candidate.Line);

                throw new CliException(what, $"{found.Count} match", "name one by more of its id, or a container as POD/NAME:" + list);
        }
    }

    /// <summary>Finds pods and containers; a name that both have means the pod.</summary>
    public static async Task<Target> FindAsync(CriClient cri, string reference, CancellationToken cancellationToken)
    {
        var pods = PodFinder.Matches(await cri.PodsAsync(filter: null, cancellationToken), reference);
        bool podNamed = pods.Any(pod => pod.Id == reference || !pod.Id.StartsWith(reference, StringComparison.Ordinal));
        var containers = podNamed ? [] : ContainerFinder.Matches(await cri.ContainersAsync(filter: null, cancellationToken), reference);
        bool containerNamed = containers.Any(container => container.Id == reference || !container.Id.StartsWith(reference, StringComparison.Ordinal));

        var candidates = containerNamed ? [] : pods.Select(pod => new Target(pod));
        return Single($"find pod or container {reference}", candidates.Concat(containers.Select(container => new Target(container))),
            "list them with: orlop pods, orlop ps -a");
    }
}
