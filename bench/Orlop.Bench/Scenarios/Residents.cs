using Orlop.Bench.Measuring;
using Orlop.Bench.Nodes;

namespace Orlop.Bench.Scenarios;

/// <summary>What all processes of a runtime take with 0, 1, 10 and 50 pods of one container each, and how soon its daemon is back with 50.</summary>
/// <remarks>One runtime after the other: runtimes that share a program must not share its pages.</remarks>
internal sealed class Residents(IReadOnlyList<BenchNode> nodes, Rounds rounds, Results results, int restarts) : IScenario
{
    private const int Most = 50;

    /// <summary>What is freed soon after a start is not held.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public string Name => "residents";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var node in nodes)
        {
            await RestartAsync(node, cancellationToken);
            await using var pods = new SamplePods();
            foreach (int count in (int[])[0, 1, 10, Most])
            {
                await pods.FillAsync(node, count, containers: 1, cancellationToken);
                await Task.Delay(Settling, cancellationToken);
                if (node.Memory.Read(node.Daemon?.ProcessId) is not { } use) return;
                Add(FigureNames.Memory(count), use.Daemon + use.Pods);
                if (count == 0) continue;
                Add(FigureNames.Supervision(count), (double)use.Pods / count);
                Add(FigureNames.PrivateSupervision(count), (double)use.PodsPrivate / count);
            }

            void Add(string figure, double kilobytes) =>
                results.Add(new Figure { Name = figure, Runtime = node.Name, Unit = "MiB", P50 = Math.Round(kilobytes / 1024, 3) });
        }

        await RestartsAsync(FigureNames.StartToVersion, null, cancellationToken);
        await using var many = await SamplePods.MakeAsync(nodes, Most, containers: 1, cancellationToken);
        await RestartsAsync(FigureNames.RestartToVersion, FigureNames.RestartToList, cancellationToken);
    }

    private static async Task RestartAsync(BenchNode node, CancellationToken cancellationToken)
    {
        if (node.Daemon is not { } daemon) return;
        await daemon.KillAsync(cancellationToken);
        await daemon.StartAsync(cancellationToken);
    }

    private async Task RestartsAsync(string version, string? list, CancellationToken cancellationToken)
    {
        if (nodes.Any(node => node.Daemon is null)) return;
        var lists = nodes.ToDictionary(node => node, _ => new Samples());
        await rounds.MeasureAsync(version, restarts, 1, async (node, number) =>
        {
            await node.Daemon!.KillAsync(cancellationToken);
            var times = await node.Daemon.StartAsync(cancellationToken);
            if (number > 0) lists[node].Add([times.List], null);
            return times.Version;
        }, cancellationToken);
        if (list is null) return;
        foreach (var (node, samples) in lists) results.Add(samples.ToFigure(list, node.Name));
    }
}
