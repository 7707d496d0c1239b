namespace Orlop.Windows.Compute;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its exit code; null when nobody knows, because the service went away.</param>
internal readonly record struct ProcessEnd(uint? ExitCode);
