using System.CommandLine;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Pods;

namespace Orlop.Cli.Commands.Lifecycle;

/// <summary><c>orlop stop</c>: stops containers, or pods with all their containers.</summary>
internal sealed class StopCommand : CriCommand
{
    private static readonly TimeSpan ContainerGrace = TimeSpan.FromSeconds(10);

    private readonly Argument<string[]> _targets = new("target") { Description = "Pods and containers", Arity = ArgumentArity.OneOrMore };

    private readonly Option<TimeSpan?> _timeout = new("--timeout", "-t")
    {
        Description = "Time between TERM and KILL [default: a pod's own grace period, or 10s]",
        HelpName = "DURATION",
        CustomParser = Durations.Parse,
    };

    public StopCommand(CliContext context, GlobalOptions options)
        : base("stop", "Stop pods and containers", context, options)
    {
        Add(_targets);
        Add(_timeout);
    }

    protected override Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var timeout = arguments.GetValue(_timeout);
        return ForEachAsync(arguments.GetValue(_targets)!, async reference =>
        {
            var target = await Target.FindAsync(cri, reference, cancellationToken);
            if (target.Pod is null)
                await cri.StopContainerAsync(target.Id, timeout ?? ContainerGrace, cancellationToken);
            else
                await new PodStopper(cri).StopAsync(target.Id, timeout, cancellationToken);

            Print.Line(target.Id);
        });
    }
}
