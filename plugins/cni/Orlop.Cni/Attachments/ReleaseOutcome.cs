using Orlop.Cni.Execution;

namespace Orlop.Cni.Attachments;

/// <summary>How the release of an attachment went.</summary>
/// <param name="Failures">What is still owed; empty when nothing is.</param>
/// <param name="HadNamespace">The pod's network namespace was still there.</param>
internal sealed record ReleaseOutcome(IReadOnlyList<PluginException> Failures, bool HadNamespace)
{
    public static ReleaseOutcome Done { get; } = new([], HadNamespace: false);

    /// <summary>
    /// The pod should not go before this is settled. A missing program cannot be waited for (R9), and once the namespace is gone
    /// there is nothing left of the pod that waiting would protect.
    /// </summary>
    public bool BlocksRemoval => HadNamespace && Failures.Any(failure => failure.Failure is not (PluginFailure.MissingBinary or PluginFailure.NotStarted));
}
