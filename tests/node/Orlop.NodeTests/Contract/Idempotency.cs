namespace Orlop.NodeTests.Contract;

/// <summary>Stops, removals and questions about what is not there; ids; points 1 to 3 and 7 of the contract with the kubelet.</summary>
public sealed class Idempotency(Node node) : NodeTest(node)
{
    private const string Unknown = "0000000000000000000000000000000000000000000000000000000000000000";

    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    // Point 1.
    [NodeFact]
    public async Task To_stop_or_remove_what_is_not_there_succeeds()
    {
        const string unknown = "0000000000000000000000000000000000000000000000000000000000000000";

        await Runtime.StopPodSandboxAsync(new() { PodSandboxId = unknown });
        await Runtime.RemovePodSandboxAsync(new() { PodSandboxId = unknown });
        await Runtime.StopContainerAsync(new() { ContainerId = unknown });
        await Runtime.RemoveContainerAsync(new() { ContainerId = unknown });
        await Node.Cri.Images.RemoveImageAsync(new() { Image = new ImageSpec { Image = "localhost:5000/never/pulled:1" } });
    }

    // Point 1.
    [NodeFact]
    public async Task Stop_and_remove_may_be_repeated()
    {
        await using var pod = await Node.RunPodAsync();
        await Task.WhenAll(pod.StopAsync(), pod.StopAsync());
        await pod.StopAsync();
        await Task.WhenAll(pod.RemoveAsync(), pod.RemoveAsync());
        await pod.RemoveAsync();
    }

    // Point 2.
    [NodeFact]
    public async Task Questions_about_unknown_ids_are_NotFound()
    {
        await Runtime.PodSandboxStatusAsync(new() { PodSandboxId = Unknown }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.ContainerStatusAsync(new() { ContainerId = Unknown }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.StartContainerAsync(new() { ContainerId = Unknown }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.ExecSyncAsync(new() { ContainerId = Unknown, Cmd = { "true" } }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.ContainerStatsAsync(new() { ContainerId = Unknown }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.ReopenContainerLogAsync(new() { ContainerId = Unknown }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.UpdatePodSandboxResourcesAsync(new() { PodSandboxId = Unknown }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.UpdateContainerResourcesAsync(new() { ContainerId = Unknown, Linux = new() { CpuShares = 2 } }).ShouldFailWithAsync(StatusCode.NotFound);
    }

    // Point 2: the kubelet sees success in NotFound of a stop, and skips containers that went between list and status.
    [NodeFact]
    public async Task What_was_removed_is_NotFound()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        await container.RemoveAsync();

        await Runtime.ContainerStatusAsync(new() { ContainerId = container.Id }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.ContainerStatsAsync(new() { ContainerId = container.Id }).ShouldFailWithAsync(StatusCode.NotFound);
        await pod.RemoveAsync();
        await Runtime.PodSandboxStatusAsync(new() { PodSandboxId = pod.Id }).ShouldFailWithAsync(StatusCode.NotFound);
        var create = async () => await pod.CreateAsync("true");
        await create.ShouldFailWithAsync(StatusCode.NotFound);
    }

    // Point 3.
    [NodeFact]
    public async Task Ids_are_64_hex_digits_and_an_unambiguous_beginning_will_do()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        var (shortPod, shortContainer) = (pod.Id[..13], container.Id[..13]);

        pod.Id.Should().MatchRegex("^[0-9a-f]{64}$");
        container.Id.Should().MatchRegex("^[0-9a-f]{64}$");
        (await Runtime.PodSandboxStatusAsync(new() { PodSandboxId = shortPod })).Status.Id.Should().Be(pod.Id);
        (await Runtime.ContainerStatusAsync(new() { ContainerId = shortContainer })).Status.Id.Should().Be(container.Id);
        (await Runtime.ListPodSandboxAsync(new() { Filter = new() { Id = shortPod } })).Items.Should().ContainSingle().Which.Id.Should().Be(pod.Id);
        (await Runtime.ListContainersAsync(new() { Filter = new() { Id = shortContainer, PodSandboxId = shortPod } })).Containers.Should().ContainSingle().Which.Id.Should().Be(container.Id);
        (await Runtime.ContainerStatsAsync(new() { ContainerId = shortContainer })).Stats.Attributes.Id.Should().Be(container.Id);
        (await Runtime.ExecSyncAsync(new() { ContainerId = shortContainer, Cmd = { "/bin/true" } })).ExitCode.Should().Be(0);
        await Runtime.ReopenContainerLogAsync(new() { ContainerId = shortContainer });
        await Runtime.StopContainerAsync(new() { ContainerId = shortContainer });
        await Runtime.RemoveContainerAsync(new() { ContainerId = shortContainer });
        await Runtime.StopPodSandboxAsync(new() { PodSandboxId = shortPod });
        await Runtime.RemovePodSandboxAsync(new() { PodSandboxId = shortPod });
        (await Runtime.ListPodSandboxAsync(new() { Filter = new() { Id = pod.Id } })).Items.Should().BeEmpty();
    }

    // Point 3: 17 ids share a first digit for certain.
    [NodeFact]
    public async Task A_beginning_that_several_ids_share_is_refused_and_touches_none()
    {
        await using var pod = await Node.RunPodAsync();
        var ids = new List<string>();
        for (var number = 0; number < 17; number++)
        {
            ids.Add((await pod.CreateAsync("true")).Id);
        }

        var shared = ids.GroupBy(id => id[..1]).First(group => group.Count() > 1).Key;

        await Runtime.ContainerStatusAsync(new() { ContainerId = shared }).ShouldFailWithAsync(StatusCode.InvalidArgument);
        await Runtime.RemoveContainerAsync(new() { ContainerId = shared }).ShouldFailWithAsync(StatusCode.InvalidArgument);
        (await Runtime.ListContainersAsync(new() { Filter = new() { PodSandboxId = pod.Id } })).Containers.Should().HaveCount(ids.Count);
    }

    // Point 3: the empty id is the beginning of every other.
    [NodeFact]
    public async Task An_empty_id_matches_nothing()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        await Runtime.ContainerStatusAsync(new()).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.PodSandboxStatusAsync(new()).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.StartContainerAsync(new()).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.ExecSyncAsync(new() { Cmd = { "/bin/true" } }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.StopContainerAsync(new());
        await Runtime.RemoveContainerAsync(new());
        await Runtime.StopPodSandboxAsync(new());
        await Runtime.RemovePodSandboxAsync(new());

        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);
        (await pod.StatusAsync()).State.Should().Be(PodSandboxState.SandboxReady);
    }

    // Point 7: the kubelet falls back to other calls, and the conformance suite skips.
    [NodeFact]
    public async Task Calls_that_Orlop_does_not_serve_say_so()
    {
        var error = await Runtime.CheckpointContainerAsync(new() { ContainerId = "1", Location = "/nowhere" }).ShouldFailWithAsync(StatusCode.Unimplemented);

        error.Status.Detail.Should().Contain("CheckpointContainer");
    }
}
