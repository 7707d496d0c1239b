using Orlop.Bench.Measuring;

namespace Orlop.Bench.Scenarios;

/// <summary>From nothing to a pod with a running container, and the CPU time of its whole life.</summary>
internal sealed class PodLives(BenchClient client, Report report, int rounds) : Scenario
{
    public override string Name => "pods";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (bool hostNetwork in (bool[])[true, false])
        {
            foreach (int atOnce in (int[])[1, 8, 32])
            {
                string figure = $"pod to running, {(hostNetwork ? "host network" : "CNI")}";
                await report.TimeAsync(figure, atOnce == 1 ? rounds : Math.Max(rounds, atOnce * 2), atOnce, _ => LifeAsync(hostNetwork, cancellationToken));
            }
        }
    }

    private async Task<TimeSpan> LifeAsync(bool hostNetwork, CancellationToken cancellationToken)
    {
        var pod = client.Pod(hostNetwork);
        string sandbox = "";
        var time = await TimedAsync(async () =>
        {
            sandbox = await client.RunPodAsync(pod, cancellationToken);
            string container = await client.CreateAsync(sandbox, pod, client.Sleeper(pod), cancellationToken);
            await client.StartAsync(container, cancellationToken);
        });
        await client.RemovePodAsync(sandbox, cancellationToken);
        return time;
    }
}
