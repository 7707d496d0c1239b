using System.CommandLine;
using System.Globalization;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Output;

namespace Orlop.Cli.Commands.Inspection;

/// <summary><c>orlop trace</c>: where the time of a pod's operations went.</summary>
internal sealed class TraceCommand : CriCommand
{
    private readonly Argument<string> _pod = new("pod") { Description = "A pod" };

    public TraceCommand(CliContext context, GlobalOptions options)
        : base("trace", "Show the phases of a pod's operations as a waterfall", context, options) => Add(_pod);

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var pod = await cri.FindPodAsync(arguments.GetValue(_pod)!, cancellationToken);
        var status = await cri.PodStatusAsync(pod.Id, verbose: true, cancellationToken);
        var traces = status.Info.Read("trace", CliJson.Readable.IReadOnlyListTraceView, $"trace pod {pod.Metadata.Name}");

        if (WantsJson(arguments))
        {
            Print.Json(traces, CliJson.Readable.IReadOnlyListTraceView);
            return ExitCodes.Success;
        }

        if (traces.Count == 0)
            Print.Note($"no operation of pod {pod.Metadata.Name} is remembered: the daemon keeps the last ones since its start");

        for (int i = 0; i < traces.Count; i++)
        {
            if (i > 0)
                Print.Line("");

            Show(traces[i]);
        }

        return ExitCodes.Success;
    }

    private void Show(TraceView trace)
    {
        string started = trace.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        string took = trace.DurationMs is { } duration ? Human.Milliseconds(duration) : "running";
        Print.Line($"{trace.Operation}  {started}  {took}");
        if (!string.IsNullOrEmpty(trace.Error))
            Print.Line($"failed: {trace.Error}");

        if (trace.Phases is { Count: > 0 })
            Print.Table(Waterfall.Draw(trace));
    }
}
