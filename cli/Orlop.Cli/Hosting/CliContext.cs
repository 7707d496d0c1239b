namespace Orlop.Cli.Hosting;

/// <summary>Everything that commands take from the machine: streams, environment, clock, signals, paths.</summary>
internal sealed class CliContext : IDisposable
{
    public required Stream Input { get; init; }

    public required Stream Output { get; init; }

    public required Stream Error { get; init; }

    /// <summary>Whether standard output is a terminal: colours only then.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether standard error is a terminal: progress bars only then.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = 80;

    public Func<string, string?> Variable { get; init; } = static _ => null;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public StopSignals Signals { get; init; } = new();

    public CliPaths Paths { get; init; } = new();

    /// <summary>The folder of the program, to find <c>../orlopd/orlopd</c>.</summary>
    public string ProgramFolder { get; init; } = AppContext.BaseDirectory;

    /// <summary>See no-color.org: any value that is not empty turns colours off.</summary>
    public bool ColoursAllowed => string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") != "dumb";

    public static CliContext OfProcess() => new()
    {
        Input = Console.OpenStandardInput(),
        Output = Console.OpenStandardOutput(),
        Error = Console.OpenStandardError(),
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Width = TerminalWidth(),
        Variable = Environment.GetEnvironmentVariable,
        Signals = StopSignals.OfProcess(),
    };

    public void Dispose() => Signals.Dispose();

    private static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80; // no terminal at all
        }
    }
}
