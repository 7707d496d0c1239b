namespace Orlop.Abstractions.Execution;

/// <summary>A command to run in a container.</summary>
public sealed record ExecSpec
{
    /// <summary>The command and its arguments; at least one.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>How long it may take; null for ever. CRI <c>ExecSyncRequest.timeout</c>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Bytes of each of stdout and stderr that are kept; the rest is discarded. CRI: 16 MiB.</summary>
    public int OutputLimit { get; init; } = 16 * 1024 * 1024;
}
