using Orlop.Bench.Nodes;
using Orlop.Cri.V1;

namespace Orlop.Bench.Scenarios;

/// <summary>Pods on the host network that a scenario works with; removed at its end.</summary>
internal sealed class SamplePods : IAsyncDisposable
{
    private readonly Dictionary<BenchNode, List<SamplePod>> _pods = [];

    public static async Task<SamplePods> MakeAsync(IEnumerable<BenchNode> nodes, int pods, int containers, CancellationToken cancellationToken)
    {
        var made = new SamplePods();
        foreach (var node in nodes) await made.FillAsync(node, pods, containers, cancellationToken);
        return made;
    }

    public IReadOnlyList<SamplePod> Of(BenchNode node) => _pods[node];

    /// <summary>Makes pods until there are so many.</summary>
    public async Task FillAsync(BenchNode node, int pods, int containers, CancellationToken cancellationToken)
    {
        var list = _pods.TryGetValue(node, out var some) ? some : _pods[node] = [];
        while (list.Count < pods)
        {
            var pod = node.Client.Pod(hostNetwork: true);
            string sandbox = await node.Client.RunPodAsync(pod, cancellationToken);
            var ids = new List<string>();
            list.Add(new SamplePod(sandbox, pod, ids));
            for (int c = 0; c < containers; c++) ids.Add(await node.Client.RunContainerAsync(sandbox, pod, c, cancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (node, pods) in _pods)
        {
            foreach (var pod in pods) await node.Client.RemovePodAsync(pod.Id, CancellationToken.None);
        }
    }
}

/// <summary>A pod and its containers' ids.</summary>
internal sealed record SamplePod(string Id, PodSandboxConfig Config, IReadOnlyList<string> Containers);
