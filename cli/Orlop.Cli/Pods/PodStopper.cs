using System.Globalization;
using Orlop.Cli.Client;
using Orlop.Cri.V1;

namespace Orlop.Cli.Pods;

/// <summary>Stops a pod as the kubelet does: its containers with their grace period, then the sandbox.</summary>
internal sealed class PodStopper(CriClient cri)
{
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);

    /// <param name="grace">Null: the grace period that the pod was made with.</param>
    public async Task StopAsync(string podId, TimeSpan? grace, CancellationToken cancellationToken)
    {
        var containers = await cri.ContainersAsync(new ContainerFilter { PodSandboxId = podId }, cancellationToken);
        await Task.WhenAll(containers
            .Where(container => container.State == ContainerState.ContainerRunning)
            .Select(container => cri.StopContainerAsync(container.Id, grace ?? GraceOf(container), cancellationToken)));
        await cri.StopPodAsync(podId, cancellationToken);
    }

    private static TimeSpan GraceOf(Container container) =>
        container.Annotations.TryGetValue(Labels.TerminationGracePeriod, out string? text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(seconds)
            : DefaultGrace;
}
