using System.CommandLine;
using Orlop.Cli.Hosting;

namespace Orlop.Cli.Commands.Configuration;

/// <summary><c>orlop config check</c>: asks the daemon's program, which alone knows its settings and its plugins'.</summary>
internal sealed class ConfigCheckCommand : OrlopCommand
{
    private readonly Option<string?> _config = new("--config")
    {
        Description = "The file to check [default: the daemon's]",
        HelpName = "FILE",
    };

    public ConfigCheckCommand(CliContext context, GlobalOptions options)
        : base("check", "Check a configuration file with orlopd", context, options) => Add(_config);

    protected override Task<int> ExecuteAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string[] file = arguments.GetValue(_config) is { } config ? ["--config", config] : [];
        return DaemonProgram.RunAsync(Context, ["config", "check", .. file], cancellationToken);
    }
}
