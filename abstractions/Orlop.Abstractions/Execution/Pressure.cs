namespace Orlop.Abstractions.Execution;

/// <summary>How long processes waited for a resource: the kernel's pressure stall information, CRI <c>PsiStats</c>.</summary>
/// <param name="Some">While at least one of them waited.</param>
/// <param name="Full">While all of them waited at once.</param>
public sealed record Pressure(PressureTime Some, PressureTime Full);
