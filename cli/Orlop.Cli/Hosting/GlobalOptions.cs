using System.CommandLine;
using Orlop.Cli.Client;
using Orlop.Cli.Output;

namespace Orlop.Cli.Hosting;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    private readonly CliContext _context;

    public GlobalOptions(CliContext context)
    {
        _context = context;
        Address = new Option<string?>("--address")
        {
            Description = $"Where orlopd listens: unix:///path [default: ${CriAddress.Variable}, else {CriAddress.Default}]",
            HelpName = "ADDRESS",
            Recursive = true,
        };
        Output = new Option<OutputFormat>("--output", "-o")
        {
            Description = "How results are shown: table or json [default: table]",
            HelpName = "FORMAT",
            CustomParser = result => ParseFormat(result.Tokens[0].Value, result.AddError),
            Recursive = true,
        };
        Output.CompletionSources.Add("table", "json");
    }

    public Option<string?> Address { get; }

    public Option<OutputFormat> Output { get; }

    /// <summary>The option before the variable before the default.</summary>
    public CriAddress AddressOf(ParseResult arguments)
    {
        string? fromVariable = _context.Variable(CriAddress.Variable);
        return CriAddress.Parse(arguments.GetValue(Address) ?? (string.IsNullOrEmpty(fromVariable) ? CriAddress.Default : fromVariable));
    }

    private static OutputFormat ParseFormat(string text, Action<string> addError)
    {
        switch (text)
        {
            case "table":
                return OutputFormat.Table;
            case "json":
                return OutputFormat.Json;
            default:
                addError($"--output {text}: no such format; it is table or json");
                return default;
        }
    }
}
