using Orlop.Cri.V1;
using Spectre.Console;

namespace Orlop.Cli.Output;

/// <summary>Cells of tables: escaped text, and the few colours that carry a meaning.</summary>
internal static class Cells
{
    public static Table NewTable(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (string column in columns)
            table.AddColumn(new TableColumn(Bold(column)) { NoWrap = true, Padding = new Padding(0, 0, 3, 0) });

        return table;
    }

    public static string Text(string? text) => Markup.Escape(text ?? "");

    public static string Bold(string text) => $"[bold]{Markup.Escape(text)}[/]";

    public static string Good(string text) => $"[green]{Markup.Escape(text)}[/]";

    public static string Bad(string text) => $"[red]{Markup.Escape(text)}[/]";

    public static string Faint(string text) => $"[grey]{Markup.Escape(text)}[/]";

    public static string Truth(bool value) => value ? Good("true") : Bad("false");

    public static string Pod(PodSandboxState state) => state == PodSandboxState.SandboxReady ? Good(Names.Of(state)) : Faint(Names.Of(state));

    public static string Container(ContainerState state, int? exitCode) => state switch
    {
        ContainerState.ContainerRunning => Good(Names.Of(state)),
        ContainerState.ContainerExited when exitCode is { } code and not 0 => Bad($"{Names.Of(state)} ({code})"),
        ContainerState.ContainerExited when exitCode is 0 => Faint($"{Names.Of(state)} (0)"),
        ContainerState.ContainerUnknown => Bad(Names.Of(state)),
        _ => Names.Of(state),
    };
}
