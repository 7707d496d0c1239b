namespace Orlop.Cli.Tests.Fakes;

internal sealed record CliResult(int Code, string Output, string Error);
