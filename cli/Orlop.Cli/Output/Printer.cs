using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orlop.Cli.Hosting;
using Spectre.Console;

namespace Orlop.Cli.Output;

/// <summary>Writes results to standard output, and all talk about them to standard error.</summary>
internal sealed class Printer(CliContext context)
{
    // Rows are never folded: a terminal folds them itself, and a pipe wants one row a line.
    private const int EndlessWidth = 10_000;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private IAnsiConsole? _errorConsole;

    /// <summary>A console on standard error that knows the terminal's width, for progress.</summary>
    public IAnsiConsole ErrorConsole => _errorConsole ??= MakeConsole(
        new StreamWriter(context.Error, Utf8, bufferSize: -1, leaveOpen: true) { AutoFlush = true }, context.ErrorIsTerminal, context.Width);

    public void Line(string text) => Write(context.Output, text + "\n");

    public void Note(string text) => Write(context.Error, $"orlop: {text}\n");

    public void Warning(string text) => Write(context.Error, $"orlop: warning: {text}\n");

    public void Error(Exception failure) => Write(context.Error, $"orlop: {failure.Message}\n");

    /// <summary>Shows a table whose cells are markup; lines end with their last letter.</summary>
    public void Table(Table table)
    {
        using var rendered = new StringWriter();
        MakeConsole(rendered, context.OutputIsTerminal, EndlessWidth).Write(table);

        var text = new StringBuilder();
        foreach (string line in rendered.ToString().TrimEnd('\n').Split('\n'))
            text.Append(line.TrimEnd()).Append('\n');

        Write(context.Output, text.ToString());
    }

    public void Json<T>(T value, JsonTypeInfo<T> type)
    {
        JsonSerializer.Serialize(context.Output, value, type);
        context.Output.Write("\n"u8);
    }

    private IAnsiConsole MakeConsole(TextWriter writer, bool isTerminal, int width)
    {
        bool colours = isTerminal && context.ColoursAllowed;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal && context.Variable("TERM") != "dumb" ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private static void Write(Stream stream, string text)
    {
        stream.Write(Utf8.GetBytes(text));
        stream.Flush();
    }
}
