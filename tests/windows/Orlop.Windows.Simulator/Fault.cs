namespace Orlop.Windows.Simulator;

/// <summary>What goes wrong with one call.</summary>
/// <param name="HResult">What the call fails with.</param>
/// <param name="Effect">What becomes of what it was to do.</param>
internal sealed record Fault(int HResult, FaultEffect Effect);
