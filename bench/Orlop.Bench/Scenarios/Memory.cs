using Orlop.Bench.Measuring;

namespace Orlop.Bench.Scenarios;

/// <summary>What all processes of the runtime take with 0, 1, 10 and 50 pods of one container each.</summary>
internal sealed class Memory(BenchClient client, Report report, MemoryMeter meter) : Scenario
{
    public override string Name => "memory";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        var sandboxes = new List<string>();
        long none = 0;
        foreach (int pods in (int[])[0, 1, 10, 50])
        {
            while (sandboxes.Count < pods)
            {
                var pod = client.Pod(hostNetwork: true);
                string sandbox = await client.RunPodAsync(pod, cancellationToken);
                sandboxes.Add(sandbox);
                await client.StartAsync(await client.CreateAsync(sandbox, pod, client.Sleeper(pod), cancellationToken), cancellationToken);
            }

            await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken); // what is freed soon after a start is not held
            var (pss, own, count) = meter.Read();
            if (pods == 0) none = pss;
            report.Value($"PSS with {pods} pods ({count} processes)", pss / 1024.0, "MiB");
            report.Value($"private memory with {pods} pods", own / 1024.0, "MiB");
            if (pods > 0) report.Value($"PSS for each of {pods} pods", (pss - none) / 1024.0 / pods, "MiB");
        }

        foreach (string sandbox in sandboxes) await client.RemovePodAsync(sandbox, cancellationToken);
    }
}
