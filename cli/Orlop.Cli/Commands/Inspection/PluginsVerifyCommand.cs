using System.CommandLine;
using Orlop.Cli.Hosting;

namespace Orlop.Cli.Commands.Inspection;

/// <summary><c>orlop plugins verify</c>: asks the daemon's program, whose own checks these are. No daemon has to run.</summary>
internal sealed class PluginsVerifyCommand : OrlopCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "The plugin's folder, which holds plugin.toml" };

    private readonly Option<string?> _config = new("--config")
    {
        Description = "A configuration whose settings the plugin gets [default: those of its manifest]",
        HelpName = "FILE",
    };

    public PluginsVerifyCommand(CliContext context, GlobalOptions options)
        : base("verify", "Check a plugin's folder as orlopd does before it uses it", context, options)
    {
        Add(_folder);
        Add(_config);
    }

    protected override Task<int> ExecuteAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        // A full path: a name that begins with a dash is no option.
        string[] line = ["plugins", "verify", Path.GetFullPath(arguments.GetValue(_folder)!)];
        if (arguments.GetValue(_config) is { } config)
            line = [.. line, "--config", config];
        if (WantsJson(arguments))
            line = [.. line, "--json"];
        return DaemonProgram.RunAsync(Context, line, cancellationToken);
    }
}
