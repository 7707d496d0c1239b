namespace Orlop.Abstractions.Execution;

/// <summary>One line of pressure stall information; CRI <c>PsiData</c>.</summary>
/// <param name="TotalNanoseconds">Time waited since the start.</param>
/// <param name="Average10">Part of the last 10 seconds, in percent.</param>
/// <param name="Average60">Part of the last 60 seconds, in percent.</param>
/// <param name="Average300">Part of the last 300 seconds, in percent.</param>
public sealed record PressureTime(ulong TotalNanoseconds, double Average10, double Average60, double Average300);
