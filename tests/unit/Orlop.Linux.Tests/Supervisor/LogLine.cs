namespace Orlop.Linux.Tests.Supervisor;

/// <summary>A line of a log in the CRI's format.</summary>
internal sealed record LogLine(DateTimeOffset Stamp, string Stream, bool Partial, string Text);
