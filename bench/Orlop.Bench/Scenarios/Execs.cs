using Orlop.Bench.Measuring;
using Orlop.Bench.Nodes;
using Orlop.Cri.V1;

namespace Orlop.Bench.Scenarios;

/// <summary>A short command in a running container, as a probe runs it.</summary>
internal sealed class Execs(IReadOnlyList<BenchNode> nodes, Rounds rounds, int samples) : IScenario
{
    public string Name => "exec";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var pods = await SamplePods.MakeAsync(nodes, pods: 1, containers: 1, cancellationToken);
        await rounds.MeasureAsync(FigureNames.Exec, samples, 1, (node, _) => Rounds.TimeAsync(async () =>
        {
            var request = new ExecSyncRequest { ContainerId = pods.Of(node)[0].Containers[0], Cmd = { "/bin/true" }, Timeout = 10 };
            var answer = await node.Client.Runtime.ExecSyncAsync(request, cancellationToken: cancellationToken);
            if (answer.ExitCode != 0) throw new InvalidOperationException($"{node.Name}: exec ended with {answer.ExitCode}: {answer.Stderr.ToStringUtf8()}");
        }), cancellationToken);
    }
}
