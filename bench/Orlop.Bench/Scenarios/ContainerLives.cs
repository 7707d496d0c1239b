using Orlop.Bench.Measuring;
using Orlop.Bench.Nodes;

namespace Orlop.Bench.Scenarios;

/// <summary>Create and start of a container in a pod that is there.</summary>
internal sealed class ContainerLives(IReadOnlyList<BenchNode> nodes, Rounds rounds, int samples) : IScenario
{
    public string Name => "containers";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var pods = await SamplePods.MakeAsync(nodes, pods: 1, containers: 0, cancellationToken);
        foreach (int atOnce in (int[])[1, 8, 32])
        {
            await rounds.MeasureAsync(FigureNames.Container, Math.Max(samples, atOnce * 2), atOnce, async (node, number) =>
            {
                var (sandbox, pod, _) = pods.Of(node)[0];
                string container = "";
                var time = await Rounds.TimeAsync(async () => container = await node.Client.RunContainerAsync(sandbox, pod, number, cancellationToken));
                await node.Client.RemoveContainerAsync(container, cancellationToken);
                return time;
            }, cancellationToken);
        }
    }
}
