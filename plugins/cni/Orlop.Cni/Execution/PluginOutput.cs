namespace Orlop.Cni.Execution;

/// <summary>What a plugin's process left behind.</summary>
/// <param name="ExitCode">Its exit code; null when it was killed at its deadline.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">The end of its standard error.</param>
internal sealed record PluginOutput(int? ExitCode, BoundedCapture Output, BoundedCapture Errors);
