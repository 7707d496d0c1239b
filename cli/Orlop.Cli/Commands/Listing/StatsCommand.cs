using System.CommandLine;
using System.Globalization;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Output;
using Orlop.Cri.V1;
using Spectre.Console;

namespace Orlop.Cli.Commands.Listing;

/// <summary><c>orlop stats</c>: what the running containers use, from two samples.</summary>
internal sealed class StatsCommand : CriCommand
{
    private readonly Argument<string?> _target = new("target")
    {
        Description = "A pod or a container [default: all]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<TimeSpan?> _interval = new("--interval")
    {
        Description = "Time between the two samples that CPU % comes from [default: 1s]",
        HelpName = "DURATION",
        CustomParser = Durations.Parse,
    };

    public StatsCommand(CliContext context, GlobalOptions options)
        : base("stats", "Show what containers use", context, options)
    {
        Add(_target);
        Add(_interval);
    }

    protected override async Task<int> ExecuteAsync(ParseResult arguments, CriClient cri, CancellationToken cancellationToken)
    {
        var filter = await FilterAsync(arguments.GetValue(_target), cri, cancellationToken);
        var first = (await cri.StatsAsync(filter, cancellationToken)).ToDictionary(stats => stats.Attributes.Id, StringComparer.Ordinal);
        await Task.Delay(arguments.GetValue(_interval) ?? TimeSpan.FromSeconds(1), Context.Time, cancellationToken);

        var views = (await cri.StatsAsync(filter, cancellationToken))
            .Select(stats => ViewOf(stats, first.GetValueOrDefault(stats.Attributes.Id)))
            .OrderByDescending(view => view.CpuPercent)
            .ToList();

        if (WantsJson(arguments))
        {
            Print.Json(views, CliJson.Readable.IReadOnlyListUsageView);
            return ExitCodes.Success;
        }

        var table = Cells.NewTable("CONTAINER ID", "NAME", "POD", "CPU %", "WORKING SET", "RSS", "SWAP", "WRITABLE LAYER");
        foreach (var view in views)
        {
            table.AddRow(ShortId.Of(view.Id), Cells.Text(view.Name), Cells.Text(view.PodName),
                view.CpuPercent?.ToString("F1", CultureInfo.InvariantCulture) ?? "-", Size(view.MemoryWorkingSetBytes),
                Size(view.MemoryRssBytes), Size(view.SwapUsageBytes), Size(view.WritableLayerBytes));
        }

        Print.Table(table);
        return ExitCodes.Success;
    }

    private static string Size(ulong? bytes) => bytes is { } value ? Human.Size(value) : "-";

    private static async Task<ContainerStatsFilter?> FilterAsync(string? reference, CriClient cri, CancellationToken cancellationToken)
    {
        if (reference is null)
            return null;

        var target = await Target.FindAsync(cri, reference, cancellationToken);
        return target.Pod is null ? new ContainerStatsFilter { Id = target.Id } : new ContainerStatsFilter { PodSandboxId = target.Id };
    }

    private static UsageView ViewOf(ContainerStats now, ContainerStats? before) => new(
        now.Attributes.Id, now.Attributes.Metadata.Name,
        now.Attributes.Labels.TryGetValue(Labels.PodName, out string? pod) ? pod : "",
        now.Attributes.Labels.TryGetValue(Labels.PodNamespace, out string? podNamespace) ? podNamespace : "",
        CpuPercent(now.Cpu, before?.Cpu), now.Cpu?.UsageCoreNanoSeconds?.Value, now.Memory?.WorkingSetBytes?.Value,
        now.Memory?.UsageBytes?.Value, now.Memory?.RssBytes?.Value, now.Swap?.SwapUsageBytes?.Value, now.WritableLayer?.UsedBytes?.Value);

    /// <summary>From the difference of two samples; a runtime that answered both from one measurement leaves its own rate.</summary>
    private static double? CpuPercent(CpuUsage? now, CpuUsage? before)
    {
        if (now?.UsageCoreNanoSeconds is { } used && before?.UsageCoreNanoSeconds is { } usedBefore
            && now.Timestamp > before.Timestamp && used.Value >= usedBefore.Value)
        {
            return Math.Round(100.0 * (used.Value - usedBefore.Value) / (now.Timestamp - before.Timestamp), 2);
        }

        return now?.UsageNanoCores is { } rate ? Math.Round(rate.Value / 1e7, 2) : null;
    }
}
