using Orlop.Cli.Output;
using Orlop.Cri.V1;

namespace Orlop.Cli.Commands.Listing;

/// <summary>A container in <c>ps --output json</c>; the exit code and reason are null unless it has exited.</summary>
internal sealed record ContainerView(
    string Id, string Name, uint Attempt, string PodId, string PodName, string PodNamespace, string Image, string ImageId,
    string State, int? ExitCode, string? Reason, string? CreatedAt, IDictionary<string, string> Labels, IDictionary<string, string> Annotations)
{
    public static ContainerView Of(Container container, ContainerStatus? status, string image) => new(
        container.Id, container.Metadata.Name, container.Metadata.Attempt, container.PodSandboxId,
        container.Labels.TryGetValue(Client.Labels.PodName, out string? pod) ? pod : "",
        container.Labels.TryGetValue(Client.Labels.PodNamespace, out string? podNamespace) ? podNamespace : "",
        image, container.ImageId, Names.Of(container.State), status?.ExitCode, status?.Reason, Human.Timestamp(container.CreatedAt),
        container.Labels, container.Annotations);
}
