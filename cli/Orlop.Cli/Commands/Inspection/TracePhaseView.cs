namespace Orlop.Cli.Commands.Inspection;

/// <summary>A phase of a traced operation.</summary>
/// <param name="Depth">0 for a phase of the operation itself, more for phases within phases.</param>
/// <param name="StartMs">Since the operation's start.</param>
/// <param name="DurationMs">Null while it runs.</param>
internal sealed record TracePhaseView(string Name, int Depth, double StartMs, double? DurationMs, string? Note);
