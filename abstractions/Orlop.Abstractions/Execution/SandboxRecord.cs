namespace Orlop.Abstractions.Execution;

/// <summary>What the host knows of a sandbox that it made before its restart.</summary>
/// <param name="Spec">As it was made.</param>
/// <param name="Containers">Its containers, as they were made.</param>
public sealed record SandboxRecord(SandboxSpec Spec, IReadOnlyList<ContainerSpec> Containers);
