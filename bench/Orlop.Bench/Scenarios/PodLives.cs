using Orlop.Bench.Measuring;
using Orlop.Bench.Nodes;

namespace Orlop.Bench.Scenarios;

/// <summary>From nothing to a pod with a running container, and the CPU time of its whole life.</summary>
internal sealed class PodLives(Rounds rounds, int samples) : IScenario
{
    public string Name => "pods";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (bool hostNetwork in (bool[])[true, false])
        {
            foreach (int atOnce in (int[])[1, 8, 32])
            {
                string figure = FigureNames.Pod(hostNetwork);
                await rounds.MeasureAsync(figure, Math.Max(samples, atOnce * 2), atOnce, (node, _) => LifeAsync(node.Client, hostNetwork, cancellationToken), cancellationToken);
            }
        }
    }

    private static async Task<TimeSpan> LifeAsync(BenchClient client, bool hostNetwork, CancellationToken cancellationToken)
    {
        var pod = client.Pod(hostNetwork);
        string sandbox = "";
        var time = await Rounds.TimeAsync(async () =>
        {
            sandbox = await client.RunPodAsync(pod, cancellationToken);
            await client.RunContainerAsync(sandbox, pod, 0, cancellationToken);
        });
        await client.RemovePodAsync(sandbox, cancellationToken);
        return time;
    }
}
