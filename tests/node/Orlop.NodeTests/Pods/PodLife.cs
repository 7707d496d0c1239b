namespace Orlop.NodeTests.Pods;

public sealed class PodLife(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    [NodeFact]
    public async Task A_pod_without_a_cgroup_parent_runs_too()
    {
        await using var pod = await Node.RunPodAsync(config => config.Linux.CgroupParent = "");

        (await pod.RunAsync("echo works")).Output.Should().Be("works\n");
    }

    [NodeFact]
    public async Task The_streamed_list_equals_the_list()
    {
        await using var one = await Node.RunPodAsync();
        await using var two = await Node.RunPodAsync();
        using var stream = Runtime.StreamPodSandboxes(new StreamPodSandboxesRequest());
        var streamed = new List<PodSandbox>();
        await foreach (var part in stream.ResponseStream.ReadAllAsync())
        {
            streamed.AddRange(part.PodSandboxes);
        }

        streamed.Should().BeEquivalentTo((await Runtime.ListPodSandboxAsync(new())).Items).And.HaveCountGreaterThanOrEqualTo(2);
    }

    [NodeFact]
    public async Task Verbose_status_shows_the_phases_of_the_start()
    {
        await using var pod = await Node.RunPodAsync();

        var status = await Runtime.PodSandboxStatusAsync(new() { PodSandboxId = pod.Id, Verbose = true });

        using var traces = System.Text.Json.JsonDocument.Parse(status.Info["trace"]);
        var phases = traces.RootElement[0].GetProperty("phases").EnumerateArray().Select(phase => phase.GetProperty("name").GetString());
        phases.Should().Contain(["sandbox", "network"]);
    }
}
