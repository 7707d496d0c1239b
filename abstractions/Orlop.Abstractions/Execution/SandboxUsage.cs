namespace Orlop.Abstractions.Execution;

/// <summary>What a pod uses.</summary>
public sealed record SandboxUsage
{
    /// <summary>The sandbox.</summary>
    public required string SandboxId { get; init; }

    /// <summary>When it was measured.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The whole pod; null where it cannot be told apart from its containers.</summary>
    public ResourceUsage? Pod { get; init; }

    /// <summary>Its network interfaces; empty when it uses the node's network.</summary>
    public IReadOnlyList<InterfaceUsage> Interfaces { get; init; } = [];

    /// <summary>Its running containers, by id.</summary>
    public IReadOnlyDictionary<string, ResourceUsage> Containers { get; init; } = new Dictionary<string, ResourceUsage>();
}
