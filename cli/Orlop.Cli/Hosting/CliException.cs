namespace Orlop.Cli.Hosting;

/// <summary>A failure to be shown as <c>orlop: what failed: reason; next step</c>.</summary>
internal sealed class CliException(string what, string reason, string? next = null, int exitCode = ExitCodes.Failure, Exception? inner = null)
    : Exception(Compose(what, reason, next), inner)
{
    public int ExitCode { get; } = exitCode;

    public static CliException Usage(string what, string reason, string? next = null) => new(what, reason, next, ExitCodes.Usage);

    private static string Compose(string what, string reason, string? next) =>
        next is null ? $"{what}: {reason}" : $"{what}: {reason.TrimEnd('.')}; {next}";
}
