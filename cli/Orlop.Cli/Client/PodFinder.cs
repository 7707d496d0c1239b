using Orlop.Cri.V1;

namespace Orlop.Cli.Client;

/// <summary>Finds pods by id, name, <c>NAMESPACE/NAME</c> or the beginning of an id.</summary>
internal static class PodFinder
{
    /// <summary>The pods that a reference names, best reading first: an id, then a name, then the beginning of an id.</summary>
    /// <remarks>Several attempts and namesakes narrow down to the ready one, when exactly one is ready.</remarks>
    public static IReadOnlyList<PodSandbox> Matches(IReadOnlyList<PodSandbox> pods, string reference)
    {
        if (pods.FirstOrDefault(pod => pod.Id == reference) is { } exact)
            return [exact];

        var named = pods.Where(pod => pod.Metadata.Name == reference || $"{pod.Metadata.Namespace}/{pod.Metadata.Name}" == reference).ToList();
        if (named.Count > 0)
        {
            var ready = named.Where(pod => pod.State == PodSandboxState.SandboxReady).ToList();
            return ready.Count == 1 ? ready : named;
        }

        return ShortId.IsPrefix(reference) ? [.. pods.Where(pod => pod.Id.StartsWith(reference, StringComparison.Ordinal))] : [];
    }

    public static async Task<PodSandbox> FindPodAsync(this CriClient cri, string reference, CancellationToken cancellationToken)
    {
        var pods = await cri.PodsAsync(filter: null, cancellationToken);
        return Target.Single($"find pod {reference}", Matches(pods, reference).Select(pod => new Target(pod)),
            "list the pods with: orlop pods").Pod!;
    }
}
