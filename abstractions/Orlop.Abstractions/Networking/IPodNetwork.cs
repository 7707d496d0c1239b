using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;

namespace Orlop.Abstractions.Networking;

/// <summary>Gives pods their addresses and routes.</summary>
public interface IPodNetwork : IPlugPoint
{
    /// <summary>Whether pods can be attached now; read without I/O on every CRI <c>Status</c>.</summary>
    NetworkStatus Status { get; }

    /// <summary>Attaches a sandbox. The intent is durable before anything changes (R8), so that a detach works after any crash.</summary>
    /// <exception cref="Errors.RuntimeException"><see cref="Errors.ErrorKind.Unavailable"/> when no network is configured.</exception>
    Task<PodNetworkResult> AttachAsync(PodNetworkRequest request, IPhase phase, CancellationToken cancellationToken);

    /// <summary>
    /// Detaches a sandbox with the configuration and result of its attach, whatever is configured today (R9). Idempotent;
    /// works when the network namespace is gone, and does nothing for a sandbox that was never attached.
    /// </summary>
    /// <param name="sandboxId">The sandbox.</param>
    /// <param name="networkNamespace">Its network namespace, or null when that is gone.</param>
    /// <param name="phase">The running phase.</param>
    /// <param name="cancellationToken">Stops waiting; the debt stays on record.</param>
    Task DetachAsync(string sandboxId, string? networkNamespace, IPhase phase, CancellationToken cancellationToken);

    /// <summary>Whether an attachment is still as it was made.</summary>
    /// <exception cref="Errors.RuntimeException">It is not; the message says what differs.</exception>
    Task CheckAsync(string sandboxId, string networkNamespace, IPhase phase, CancellationToken cancellationToken);

    /// <summary>Releases everything that belongs to no living sandbox. Called at the start and every minute while other operations run; cheap when there is nothing to do.</summary>
    /// <param name="isLiving">
    /// Whether a sandbox is attached now, or about to be; one that is not loses its network. To be asked after an attachment
    /// was found, never before: what is attached meanwhile lives.
    /// </param>
    /// <param name="phase">The running phase.</param>
    /// <param name="cancellationToken">Stops the collection; what is left is left to the next one.</param>
    Task CollectGarbageAsync(Func<string, bool> isLiving, IPhase phase, CancellationToken cancellationToken);

    /// <summary>The node's pod address ranges, from CRI <c>UpdateRuntimeConfig</c>.</summary>
    Task SetPodCidrsAsync(IReadOnlyList<string> cidrs, CancellationToken cancellationToken);
}
