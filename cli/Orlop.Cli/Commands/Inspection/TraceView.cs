namespace Orlop.Cli.Commands.Inspection;

/// <summary>A traced operation of <c>PodSandboxStatus.info["trace"]</c>; the error is null when it succeeded.</summary>
internal sealed record TraceView(string Operation, DateTimeOffset StartedAt, double? DurationMs, string? Error, IReadOnlyList<TracePhaseView>? Phases);
