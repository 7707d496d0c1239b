using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;

namespace Orlop.Abstractions.Execution;

/// <summary>Makes and supervises pod sandboxes and their containers on one kind of kernel.</summary>
/// <remarks>
/// Implementations may block on the kernel but never on another pod. A call that is cancelled or fails leaves nothing
/// behind. What they make must outlive the host's process: containers run, log and end without it.
/// </remarks>
public interface IExecutionBackend : IPlugPoint
{
    /// <summary>What this backend can do on this machine; shown in CRI <c>Status</c>.</summary>
    BackendFeatures Features { get; }

    /// <summary>Creates the sandbox's namespaces and its supervisor; returns once the supervisor answers.</summary>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.InvalidArgument"/> when a namespace mode or sysctl cannot be
    /// served; <see cref="ErrorKind.ResourceExhausted"/> when the kernel refuses (errno in the message).</exception>
    Task<ISandbox> CreateSandboxAsync(SandboxSpec spec, IPhase phase, CancellationToken cancellationToken);

    /// <summary>
    /// Finds again what survived a restart of the host; called once, before anything is made. Every record comes back: one
    /// without a living sandbox as lost, also when looking for it fails, so that one bad record never fails the others (R12).
    /// Nothing is released here but what a lost sandbox still runs.
    /// </summary>
    Task<IReadOnlyList<RecoveredSandbox>> RecoverAsync(IReadOnlyList<SandboxRecord> records, CancellationToken cancellationToken);

    /// <summary>
    /// Compares what this backend has on the node with the records and repairs both ways: what no record knows is released,
    /// with all that it runs and holds, and what is missing of a living sandbox is made anew where that is possible. Called
    /// after the recovery and every minute while other operations run; cheap when there is nothing to do. What cannot be
    /// repaired is logged and left to the next call.
    /// </summary>
    /// <param name="isKnown">
    /// Whether a record names a sandbox or container of this id now. A record exists before the backend is asked to make
    /// anything and until it has removed everything; so an id that was found on the node first and is not known then belongs
    /// to nobody. Ask in that order: what is being made has a record already.
    /// </param>
    /// <param name="cancellationToken">Stops; what is left is left to the next call.</param>
    Task ReconcileAsync(Func<string, bool> isKnown, CancellationToken cancellationToken);

    /// <summary>What all sandboxes and containers use now, in one pass over the kernel's counters.</summary>
    Task<IReadOnlyList<SandboxUsage>> MeasureAsync(CancellationToken cancellationToken);
}
