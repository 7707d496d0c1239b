namespace Orlop.Cli.Tests.Fakes;

/// <summary>The life of a fake container.</summary>
/// <param name="Output">Records of its log without time: <c>stdout F text</c>.</param>
/// <param name="ExitCode">Null when it runs until it is stopped.</param>
/// <param name="IgnoresTerm">Whether only a stop with timeout 0 ends it.</param>
internal sealed record FakeScript(IReadOnlyList<string> Output, int? ExitCode = 0, string Reason = "", bool IgnoresTerm = false, string TerminationMessage = "");
