using Orlop.Cri.V1;

namespace Orlop.Cli.Client;

/// <summary>Finds containers by id, <c>POD/NAME</c>, name, the beginning of an id, or by a pod that has only one container.</summary>
internal static class ContainerFinder
{
    /// <summary>The containers that a reference names, best reading first.</summary>
    /// <remarks>Of several attempts of one container the newest counts; of namesakes the running one, when exactly one runs.</remarks>
    public static IReadOnlyList<Container> Matches(IReadOnlyList<Container> containers, string reference)
    {
        if (containers.FirstOrDefault(container => container.Id == reference) is { } exact)
            return [exact];

        var named = Newest(containers.Where(container => container.Metadata.Name == reference || PathOf(container) == reference));
        if (named.Count > 0)
        {
            var running = named.Where(container => container.State == ContainerState.ContainerRunning).ToList();
            return running.Count == 1 ? running : named;
        }

        return ShortId.IsPrefix(reference) ? [.. containers.Where(container => container.Id.StartsWith(reference, StringComparison.Ordinal))] : [];
    }

    public static async Task<Container> FindContainerAsync(this CriClient cri, string reference, CancellationToken cancellationToken)
    {
        var containers = await cri.ContainersAsync(filter: null, cancellationToken);
        var matches = Matches(containers, reference);

        if (matches.Count == 0)
        {
            var pods = PodFinder.Matches(await cri.PodsAsync(filter: null, cancellationToken), reference);
            if (pods.Count == 1)
                matches = Newest(containers.Where(container => container.PodSandboxId == pods[0].Id));
        }

        return Target.Single($"find container {reference}", matches.Select(container => new Target(container)),
            "list the containers with: orlop ps -a").Container!;
    }

    /// <summary>How people write a container: <c>POD/NAME</c>.</summary>
    public static string PathOf(Container container) =>
        $"{container.Labels.GetValueOrDefault(Labels.PodName, ShortId.Of(container.PodSandboxId))}/{container.Metadata.Name}";

    private static List<Container> Newest(IEnumerable<Container> containers) =>
        [.. containers.GroupBy(container => (container.PodSandboxId, container.Metadata.Name)).Select(attempts => attempts.MaxBy(attempt => attempt.Metadata.Attempt)!)];

    private static string GetValueOrDefault(this IDictionary<string, string> map, string key, string fallback) =>
        map.TryGetValue(key, out string? value) && value.Length > 0 ? value : fallback;
}
