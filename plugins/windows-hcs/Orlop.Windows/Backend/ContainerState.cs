using Orlop.Abstractions.Execution;

namespace Orlop.Windows.Backend;

/// <summary>What the plugin keeps of a container. Written before the thing that it names exists (R6).</summary>
internal sealed record ContainerState
{
    public required string SandboxId { get; init; }

    /// <summary>The scratch folder that is mounted for it.</summary>
    public required string Scratch { get; init; }

    /// <summary>The first process; null before the start.</summary>
    public uint? ProcessId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How it ended; null while it has not.</summary>
    public ContainerExit? Exit { get; init; }
}
