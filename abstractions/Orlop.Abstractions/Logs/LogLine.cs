namespace Orlop.Abstractions.Logs;

/// <summary>One line of a container's log.</summary>
/// <param name="SandboxId">The pod sandbox.</param>
/// <param name="ContainerId">The container.</param>
/// <param name="Entry">The line as it stands in the file, without its end: time, stream, tag and text in the CRI log format.</param>
public sealed record LogLine(string SandboxId, string ContainerId, ReadOnlyMemory<byte> Entry);
