using Orlop.Bench.Measuring;
using Orlop.Cri.V1;

namespace Orlop.Bench.Scenarios;

/// <summary>A short command in a running container, as a probe runs it.</summary>
internal sealed class Execs(BenchClient client, Report report, int rounds) : Scenario
{
    public override string Name => "exec";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        var pod = client.Pod(hostNetwork: true);
        string sandbox = await client.RunPodAsync(pod, cancellationToken);
        string container = await client.CreateAsync(sandbox, pod, client.Sleeper(pod), cancellationToken);
        await client.StartAsync(container, cancellationToken);
        await report.TimeAsync("exec", rounds * 2, 1, _ => TimedAsync(async () =>
        {
            var answer = await client.Runtime.ExecSyncAsync(new ExecSyncRequest { ContainerId = container, Cmd = { "/bin/true" }, Timeout = 10 }, cancellationToken: cancellationToken);
            if (answer.ExitCode != 0) throw new InvalidOperationException($"exec ended with {answer.ExitCode}: {answer.Stderr.ToStringUtf8()}");
        }));
        await client.RemovePodAsync(sandbox, cancellationToken);
    }
}
