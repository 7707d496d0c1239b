namespace Orlop.Abstractions.Execution;

/// <summary>A container that was found again. Its <see cref="IContainer.Exit"/> is complete when it ended meanwhile.</summary>
/// <param name="Container">A handle on it.</param>
/// <param name="StartedAt">When it was started; null when it never was.</param>
public sealed record RecoveredContainer(IContainer Container, DateTimeOffset? StartedAt);
