using Google.Protobuf.Collections;
using Orlop.Cri.V1;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Cri;

/// <summary>The filters of lists: all conditions must hold, no filter matches everything, ids match by prefix, labels exactly.</summary>
internal static class Filters
{
    public static bool Matches(SandboxEntry sandbox, PodSandboxFilter? filter) =>
        filter is null
        || (Prefix(sandbox.Id, filter.Id)
            && (filter.State is null || (filter.State.State == PodSandboxState.SandboxReady) == (sandbox.State == SandboxState.Ready))
            && Labels(sandbox.Spec.Labels, filter.LabelSelector));

    public static bool Matches(ContainerEntry container, ContainerFilter? filter) =>
        filter is null
        || (Prefix(container.Id, filter.Id)
            && Prefix(container.SandboxId, filter.PodSandboxId)
            && (filter.State is null || filter.State.State == Mapping.ContainerMapping.ToState(container.State))
            && Labels(container.Request.Labels, filter.LabelSelector));

    public static bool Matches(ContainerEntry container, ContainerStatsFilter? filter) =>
        filter is null
        || (Prefix(container.Id, filter.Id)
            && Prefix(container.SandboxId, filter.PodSandboxId)
            && Labels(container.Request.Labels, filter.LabelSelector));

    private static bool Prefix(string id, string wanted) => id.StartsWith(wanted, StringComparison.Ordinal);

    private static bool Labels(IReadOnlyDictionary<string, string> labels, MapField<string, string> wanted) =>
        wanted.All(w => labels.TryGetValue(w.Key, out string? value) && value == w.Value);
}
