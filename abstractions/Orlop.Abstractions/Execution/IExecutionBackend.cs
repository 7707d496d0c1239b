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
    /// Finds again what survived a restart of the host, and releases what belongs to this backend but to no record. A record
    /// without a living sandbox comes back as lost; one bad record never fails the others (R12).
    /// </summary>
    Task<IReadOnlyList<RecoveredSandbox>> RecoverAsync(IReadOnlyList<SandboxRecord> records, CancellationToken cancellationToken);

    /// <summary>What all sandboxes and containers use now, in one pass over the kernel's counters.</summary>
    Task<IReadOnlyList<SandboxUsage>> MeasureAsync(CancellationToken cancellationToken);
}
