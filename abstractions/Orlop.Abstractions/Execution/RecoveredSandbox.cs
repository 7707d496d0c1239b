namespace Orlop.Abstractions.Execution;

/// <summary>What became of a sandbox while the host was away.</summary>
public sealed record RecoveredSandbox
{
    /// <summary>The sandbox's id.</summary>
    public required string Id { get; init; }

    /// <summary>A handle on it; for a lost sandbox one whose <see cref="ISandbox.RemoveAsync"/> releases what is left.</summary>
    public required ISandbox Sandbox { get; init; }

    /// <summary>Why it is lost; null when it lives.</summary>
    public string? LostReason { get; init; }

    /// <summary>Its containers that still exist; a container that is missing here never came to be.</summary>
    public IReadOnlyList<RecoveredContainer> Containers { get; init; } = [];
}
