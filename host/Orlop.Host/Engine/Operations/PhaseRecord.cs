namespace Orlop.Host.Engine.Operations;

/// <summary>One phase of an operation, as traced.</summary>
internal sealed record PhaseRecord(string Name, int Depth, TimeSpan Start, TimeSpan? Duration, string? Note);
