using System.CommandLine;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Output;
using Spectre.Console;

namespace Orlop.Cli.Commands.Inspection;

/// <summary><c>orlop plugins</c>: which plugins the daemon found, and why one is not active.</summary>
internal sealed class PluginsCommand : CriCommand
{
    public PluginsCommand(CliContext context, GlobalOptions options)
        : base("plugins", "List the daemon's plugins and their states", context, options) => Add(new PluginsVerifyCommand(context, options));

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var status = await cri.StatusAsync(verbose: true, cancellationToken);
        var plugins = status.Info.Read("plugins", CliJson.Readable.IReadOnlyListPluginView, "list the plugins")
            .OrderBy(plugin => plugin.Id, StringComparer.Ordinal).ToList();

        if (WantsJson(arguments))
        {
            Print.Json(plugins, CliJson.Readable.IReadOnlyListPluginView);
            return ExitCodes.Success;
        }

        var table = Cells.NewTable("PLUGIN", "VERSION", "STATE", "KINDS", "FOLDER", "REASON");
        foreach (var plugin in plugins)
        {
            table.AddRow(Cells.Text(plugin.Id), Cells.Text(plugin.Version), State(plugin.State), Cells.Text(string.Join(", ", plugin.Kinds ?? [])),
                Cells.Text(plugin.Folder), Cells.Text(plugin.Reason));
        }

        Print.Table(table);
        return ExitCodes.Success;
    }

    private static string State(string state) => state.ToLowerInvariant() switch
    {
        "active" => Cells.Good(state),
        "failed" or "unsupported" => Cells.Bad(state),
        _ => Cells.Faint(state),
    };
}
