using System.CommandLine;
using Orlop.Cli.Hosting;

namespace Orlop.Cli.Commands.Configuration;

/// <summary><c>orlop config</c>: what the daemon runs with, and whether a file would be accepted.</summary>
internal sealed class ConfigCommand : Command
{
    public ConfigCommand(CliContext context, GlobalOptions options)
        : base("config", "Show and check the daemon's configuration")
    {
        Add(new ConfigShowCommand(context, options));
        Add(new ConfigCheckCommand(context, options));
    }
}
