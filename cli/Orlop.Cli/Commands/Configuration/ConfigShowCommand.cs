using System.CommandLine;
using System.Text.Json;
using Orlop.Cli.Client;
using Orlop.Cli.Commands.Inspection;
using Orlop.Cli.Hosting;
using Orlop.Cli.Output;
using Spectre.Console;

namespace Orlop.Cli.Commands.Configuration;

/// <summary><c>orlop config show</c>: the running daemon's values, and where each came from.</summary>
internal sealed class ConfigShowCommand(CliContext context, GlobalOptions options)
    : CriCommand("show", "Show the running daemon's settings and where each came from", context, options)
{
    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var status = await cri.StatusAsync(verbose: true, cancellationToken);
        var settings = status.Info.Read("config", CliJson.Readable.IReadOnlyListSettingView, "show the configuration");

        if (WantsJson(arguments))
        {
            Print.Json(settings, CliJson.Readable.IReadOnlyListSettingView);
            return ExitCodes.Success;
        }

        var table = Cells.NewTable("KEY", "VALUE", "ORIGIN");
        foreach (var setting in settings)
            table.AddRow(Cells.Text(setting.Key), Cells.Text(TextOf(setting.Value)), Cells.Text(setting.Origin));

        Print.Table(table);
        return ExitCodes.Success;
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
