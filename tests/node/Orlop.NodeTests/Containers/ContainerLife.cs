namespace Orlop.NodeTests.Containers;

public sealed class ContainerLife(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    [NodeFact]
    public async Task A_container_that_was_never_started_can_be_stopped_and_removed()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.CreateAsync("true");

        await container.StopAsync(TimeSpan.FromSeconds(1));
        await container.RemoveAsync();
    }

    [NodeFact]
    public async Task The_streamed_list_equals_the_list()
    {
        await using var pod = await Node.RunPodAsync();
        await pod.StartAsync("sleep 1000");
        await pod.CreateAsync("sleep 1000");
        using var stream = Runtime.StreamContainers(new StreamContainersRequest());
        var streamed = new List<Container>();
        await foreach (var part in stream.ResponseStream.ReadAllAsync())
        {
            streamed.AddRange(part.Containers);
        }

        streamed.Should().BeEquivalentTo((await Runtime.ListContainersAsync(new())).Containers).And.HaveCountGreaterThanOrEqualTo(2);
    }

    [NodeFact]
    public async Task An_image_that_was_not_pulled_is_refused_by_name()
    {
        await using var pod = await Node.RunPodAsync();
        var config = pod.ContainerConfig("true");
        config.Image.Image = "localhost:5000/orlop/never-pulled:1";

        var create = async () => await Runtime.CreateContainerAsync(new() { PodSandboxId = pod.Id, Config = config, SandboxConfig = pod.Config });

        (await create.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("localhost:5000/orlop/never-pulled:1");
    }
}
