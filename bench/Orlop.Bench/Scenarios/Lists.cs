using Orlop.Bench.Measuring;
using Orlop.Cri.V1;

namespace Orlop.Bench.Scenarios;

/// <summary>Lists and stats of 100 containers in 20 pods.</summary>
internal sealed class Lists(BenchClient client, Report report, int rounds) : Scenario
{
    private const int Pods = 20;
    private const int ContainersPerPod = 5;

    public override string Name => "lists";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        var sandboxes = new List<string>();
        for (int p = 0; p < Pods; p++)
        {
            var pod = client.Pod(hostNetwork: true);
            string sandbox = await client.RunPodAsync(pod, cancellationToken);
            sandboxes.Add(sandbox);
            for (int c = 0; c < ContainersPerPod; c++) await client.StartAsync(await client.CreateAsync(sandbox, pod, client.Sleeper(pod, c), cancellationToken), cancellationToken);
        }

        await report.TimeAsync("list of 100 containers", rounds * 4, 1, _ =>
            TimedAsync(async () => await client.Runtime.ListContainersAsync(new ListContainersRequest(), cancellationToken: cancellationToken)));
        await report.TimeAsync("stats of 100 containers", rounds, 1, async _ =>
        {
            var time = await TimedAsync(async () => await client.Runtime.ListContainerStatsAsync(new ListContainerStatsRequest(), cancellationToken: cancellationToken));
            await Task.Delay(TimeSpan.FromMilliseconds(1100), cancellationToken); // no runtime answers from a cache
            return time;
        });
        foreach (string sandbox in sandboxes) await client.RemovePodAsync(sandbox, cancellationToken);
    }
}
