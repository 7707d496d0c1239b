namespace Orlop.Cli.Pods;

/// <summary>How an attempt of a container ended.</summary>
/// <param name="FinishedAt">Nanoseconds since 1970, to tell which of several failed last.</param>
internal sealed record ContainerResult(string Name, int ExitCode, string Reason, string Message, long FinishedAt);
