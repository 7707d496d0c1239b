namespace Orlop.Abstractions.Execution;

/// <summary>What a command in a container answered.</summary>
/// <param name="ExitCode">0 to 255; 128 + n after signal n. On Windows all 32 bits.</param>
/// <param name="Stdout">Its output, cut at the limit.</param>
/// <param name="Stderr">Its errors, cut at the limit.</param>
public sealed record ExecResult(int ExitCode, ReadOnlyMemory<byte> Stdout, ReadOnlyMemory<byte> Stderr);
