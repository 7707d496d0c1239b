namespace Orlop.Abstractions.Execution;

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">0 to 255; 128 + n after signal n; 128 when it could not be started; 255 when nobody knows. On Windows all 32 bits: 0xC000013A is -1073741510.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">For a person; empty when the exit code says it all.</param>
/// <param name="At">When.</param>
public sealed record ContainerExit(int ExitCode, ExitReason Reason, string Message, DateTimeOffset At);
