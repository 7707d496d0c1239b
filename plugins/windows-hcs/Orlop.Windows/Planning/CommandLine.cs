using System.Buffers;
using System.Text;
using Orlop.Abstractions.Errors;

namespace Orlop.Windows.Planning;

/// <summary>Command lines that a program's CommandLineToArgvW takes apart into the arguments that they were made of.</summary>
internal static class CommandLine
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(" \t\n\v\r\f\"");

    /// <summary>A command line of separate arguments.</summary>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.InvalidArgument"/> for what no command line can carry.</exception>
    public static string Join(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 || arguments[0].Length == 0) throw RuntimeException.InvalidArgument("no command: name a program in the container's command");
        var line = new StringBuilder();
        AppendProgram(line, arguments[0]);
        AppendArguments(line, arguments);
        return line.ToString();
    }

    /// <summary>
    /// The command line of an image with ArgsEscaped: its first argument is a command line already, what follows was added by the request.
    /// OCI image-spec, config.md.
    /// </summary>
    public static string JoinEscaped(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 || arguments[0].Length == 0) throw RuntimeException.InvalidArgument("no command: name a program in the container's command");
        var line = new StringBuilder(Clean(arguments[0]));
        AppendArguments(line, arguments);
        return line.ToString();
    }

    // The program's name ends at its closing quote whatever stands before it: backslashes mean nothing there, and a quote cannot be written.
    private static void AppendProgram(StringBuilder line, string program)
    {
        if (program.Contains('"', StringComparison.Ordinal)) throw RuntimeException.InvalidArgument($"command \"{program}\": a program's name cannot hold a quotation mark");
        if (Clean(program).AsSpan().ContainsAny(NeedsQuotes)) line.Append('"').Append(program).Append('"');
        else line.Append(program);
    }

    private static void AppendArguments(StringBuilder line, IReadOnlyList<string> arguments)
    {
        for (int i = 1; i < arguments.Count; i++)
        {
            line.Append(' ');
            AppendArgument(line, Clean(arguments[i]));
        }
    }

    // Backslashes are doubled only before a quote: their own, or the closing one.
    private static void AppendArgument(StringBuilder line, string argument)
    {
        if (argument.Length > 0 && !argument.AsSpan().ContainsAny(NeedsQuotes))
        {
            line.Append(argument);
            return;
        }

        line.Append('"');
        int backslashes = 0;
        foreach (char c in argument)
        {
            if (c == '"') line.Append('\\', backslashes + 1);
            line.Append(c);
            backslashes = c == '\\' ? backslashes + 1 : 0;
        }

        line.Append('\\', backslashes).Append('"');
    }

    private static string Clean(string argument) => argument.Contains('\0', StringComparison.Ordinal)
        ? throw RuntimeException.InvalidArgument("command: an argument holds a NUL character, which no command line can carry")
        : argument;
}
