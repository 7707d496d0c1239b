namespace Orlop.Testing.Machines;

/// <summary>What a program left behind.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error);
