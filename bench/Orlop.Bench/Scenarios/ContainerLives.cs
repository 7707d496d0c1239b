using Orlop.Bench.Measuring;

namespace Orlop.Bench.Scenarios;

/// <summary>Create and start of a container in a pod that is there.</summary>
internal sealed class ContainerLives(BenchClient client, Report report, int rounds) : Scenario
{
    public override string Name => "containers";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        var pod = client.Pod(hostNetwork: true);
        string sandbox = await client.RunPodAsync(pod, cancellationToken);
        await report.TimeAsync("container create + start", rounds, 1, async number =>
        {
            string container = "";
            var time = await TimedAsync(async () =>
            {
                container = await client.CreateAsync(sandbox, pod, client.Sleeper(pod, number + 1), cancellationToken);
                await client.StartAsync(container, cancellationToken);
            });
            await client.StopAsync(container, cancellationToken);
            await client.RemoveAsync(container, cancellationToken);
            return time;
        });
        await client.RemovePodAsync(sandbox, cancellationToken);
    }
}
