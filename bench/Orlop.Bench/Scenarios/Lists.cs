using Orlop.Bench.Measuring;
using Orlop.Bench.Nodes;
using Orlop.Cri.V1;

namespace Orlop.Bench.Scenarios;

/// <summary>Lists and stats of 100 containers in 20 pods.</summary>
internal sealed class Lists(IReadOnlyList<BenchNode> nodes, Rounds rounds, int samples) : IScenario
{
    private const int Pods = 20;
    private const int ContainersPerPod = 5;

    public string Name => "lists";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var pods = await SamplePods.MakeAsync(nodes, Pods, ContainersPerPod, cancellationToken);
        await rounds.MeasureAsync(FigureNames.List, samples, 1, (node, _) => Rounds.TimeAsync(async () =>
        {
            var answer = await node.Client.Runtime.ListContainersAsync(new ListContainersRequest(), cancellationToken: cancellationToken);
            Expect(node, answer.Containers.Count);
        }), cancellationToken);

        await rounds.MeasureAsync(FigureNames.Stats, samples, 1, async (node, _) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1100), cancellationToken); // no runtime answers from a cache
            return await Rounds.TimeAsync(async () =>
            {
                var answer = await node.Client.Runtime.ListContainerStatsAsync(new ListContainerStatsRequest(), cancellationToken: cancellationToken);
                Expect(node, answer.Stats.Count(s => s.Cpu is not null && s.Memory is not null));
            });
        }, cancellationToken);
    }

    private static void Expect(BenchNode node, int count)
    {
        if (count != Pods * ContainersPerPod) throw new InvalidOperationException($"{node.Name} knows {count} containers, not {Pods * ContainersPerPod}");
    }
}
