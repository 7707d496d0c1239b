using System.CommandLine;
using System.Text.Json.Nodes;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Output;
using Spectre.Console;

namespace Orlop.Cli.Commands.Inspection;

/// <summary><c>orlop status</c>: whether pods can run here; exit code 1 when a condition does not hold.</summary>
internal sealed class StatusCommand(CliContext context, GlobalOptions options)
    : CriCommand("status", "Show whether the runtime is ready, its handlers and versions", context, options)
{
    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var version = VersionView.Of(await cri.VersionAsync(cancellationToken));
        var status = await cri.StatusAsync(verbose: true, cancellationToken);
        var conditions = status.Status.Conditions
            .Select(condition => new ConditionView(condition.Type, condition.Status, condition.Reason, condition.Message)).ToList();
        var handlers = status.RuntimeHandlers
            .Select(handler => new HandlerView(handler.Name, handler.Features?.RecursiveReadOnlyMounts ?? false, handler.Features?.UserNamespaces ?? false))
            .ToList();
        var broken = ReadBroken(status.Info.ToJson());
        bool ready = conditions.Count > 0 && conditions.TrueForAll(condition => condition.Status);

        if (WantsJson(arguments))
            Print.Json(new StatusView(ready, version, conditions, handlers, broken), CliJson.Readable.StatusView);
        else
            Show(version, conditions, handlers, broken);

        return ready ? ExitCodes.Success : ExitCodes.Failure;
    }

    private void Show(VersionView version, List<ConditionView> conditions, List<HandlerView> handlers, SortedDictionary<string, string> broken)
    {
        Print.Line($"{version.RuntimeName} {version.RuntimeVersion}, CRI {version.RuntimeApiVersion}");
        Print.Line("");

        var table = Cells.NewTable("CONDITION", "STATUS", "REASON", "MESSAGE");
        foreach (var condition in conditions)
            table.AddRow(Cells.Text(condition.Type), Cells.Truth(condition.Status), Cells.Text(condition.Reason), Cells.Text(condition.Message));

        Print.Table(table);
        Print.Line("");

        table = Cells.NewTable("HANDLER", "RECURSIVE READ-ONLY", "USER NAMESPACES");
        foreach (var handler in handlers)
        {
            table.AddRow(Cells.Text(handler.Name.Length > 0 ? handler.Name : "(default)"),
                handler.RecursiveReadOnlyMounts ? "yes" : "no", handler.UserNamespaces ? "yes" : "no");
        }

        Print.Table(table);
        if (broken.Count == 0)
            return;

        Print.Line("");
        table = Cells.NewTable("BROKEN HANDLER", "REASON");
        foreach (var (name, reason) in broken)
            table.AddRow(Cells.Text(name), Cells.Text(reason));

        Print.Table(table);
    }

    // Only Orlop tells of handlers that are configured and cannot run pods.
    private static SortedDictionary<string, string> ReadBroken(JsonObject info) => new(
        (info["brokenHandlers"] as JsonObject ?? []).ToDictionary(entry => entry.Key, entry => entry.Value?.ToString() ?? "", StringComparer.Ordinal),
        StringComparer.Ordinal);
}
