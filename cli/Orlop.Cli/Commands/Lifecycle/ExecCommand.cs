using System.CommandLine;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;

namespace Orlop.Cli.Commands.Lifecycle;

/// <summary><c>orlop exec</c>: runs a command in a container to its end and passes its output and exit code on.</summary>
internal sealed class ExecCommand : CriCommand
{
    private readonly Argument<string> _container = new("container") { Description = "A running container, or a pod with only one" };
    private readonly Argument<string[]> _command = new("command") { Description = "The command, after --", Arity = ArgumentArity.OneOrMore };

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        Description = "Kill the command after this time [default: never]",
        HelpName = "DURATION",
        CustomParser = Durations.Parse,
    };

    public ExecCommand(CliContext context, GlobalOptions options)
        : base("exec", "Run a command in a container: orlop exec web -- ls -l", context, options)
    {
        Add(_timeout);
        Add(_container);
        Add(_command);
    }

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var container = await cri.FindContainerAsync(arguments.GetValue(_container)!, cancellationToken);
        var result = await cri.ExecAsync(container.Id, arguments.GetValue(_command)!, arguments.GetValue(_timeout) ?? TimeSpan.Zero, cancellationToken);

        await Context.Output.WriteAsync(result.Stdout.Memory, cancellationToken);
        await Context.Output.FlushAsync(cancellationToken);
        await Context.Error.WriteAsync(result.Stderr.Memory, cancellationToken);
        return result.ExitCode;
    }
}
