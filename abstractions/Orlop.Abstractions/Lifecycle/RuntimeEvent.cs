namespace Orlop.Abstractions.Lifecycle;

/// <summary>Something that happened to a pod sandbox or a container.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="SandboxId">The pod sandbox.</param>
/// <param name="ContainerId">The container; null when it happened to the sandbox itself.</param>
/// <param name="At">When; never goes back within one pod.</param>
public sealed record RuntimeEvent(RuntimeEventKind Kind, string SandboxId, string? ContainerId, DateTimeOffset At);
