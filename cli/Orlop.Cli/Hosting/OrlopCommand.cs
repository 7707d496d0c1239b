using System.CommandLine;
using Orlop.Cli.Output;

namespace Orlop.Cli.Hosting;

/// <summary>A command with what all of them need; its constructor declares the options, <see cref="ExecuteAsync"/> does the work.</summary>
internal abstract class OrlopCommand : Command
{
    protected OrlopCommand(string name, string description, CliContext context, GlobalOptions options)
        : base(name, description)
    {
        Context = context;
        Global = options;
        Print = new Printer(context);
        SetAction(ExecuteAsync);
    }

    protected CliContext Context { get; }

    protected GlobalOptions Global { get; }

    protected Printer Print { get; }

    protected bool WantsJson(ParseResult arguments) => arguments.GetValue(Global.Output) == OutputFormat.Json;

    /// <summary>Answers the exit code; fails with <see cref="CliException"/>.</summary>
    protected abstract Task<int> ExecuteAsync(ParseResult arguments, CancellationToken cancellationToken);
}
