namespace Orlop.NodeTests.Contract;

/// <summary>Filters of lists and statistics; points 24 and 43 of the contract with the kubelet.</summary>
public sealed class Lists(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    // Point 24.
    [NodeFact]
    public async Task Lists_of_pods_filter_by_id_prefix_state_and_all_labels()
    {
        await using var ready = await Node.RunPodAsync(config => config.Labels.Add(new Dictionary<string, string> { ["set"] = "filter", ["one"] = "1" }));
        await using var stopped = await Node.RunPodAsync(config => config.Labels.Add("set", "filter"));
        await stopped.StopAsync();

        (await PodsAsync(new() { Id = ready.Id[..13] })).Should().ContainSingle().Which.Id.Should().Be(ready.Id);
        (await PodsAsync(new() { Id = "ffffffffffffffffffffffff" })).Should().BeEmpty();
        (await PodsAsync(new() { LabelSelector = { ["set"] = "filter" } })).Should().HaveCount(2);
        (await PodsAsync(new() { LabelSelector = { ["set"] = "filter", ["one"] = "1" } })).Should().ContainSingle().Which.Id.Should().Be(ready.Id);
        (await PodsAsync(new() { State = new() { State = PodSandboxState.SandboxNotready }, LabelSelector = { ["set"] = "filter" } }))
            .Should().ContainSingle().Which.Id.Should().Be(stopped.Id);
        (await PodsAsync(new() { Id = ready.Id, State = new() { State = PodSandboxState.SandboxNotready } })).Should().BeEmpty("filters are joined by AND");
        (await Runtime.PodSandboxStatusAsync(new() { PodSandboxId = ready.Id[..13] })).Status.Id.Should().Be(ready.Id);
    }

    // Point 24.
    [NodeFact]
    public async Task Lists_of_containers_filter_by_id_prefix_state_pod_and_labels()
    {
        await using var pod = await Node.RunPodAsync();
        var running = await pod.StartAsync("sleep 1000", config => config.Labels["kind"] = "long");
        var exited = await pod.StartAsync("true", config => config.Labels["kind"] = "short");
        await exited.WaitForExitAsync();

        (await ContainersAsync(new() { Id = running.Id[..12] })).Should().Equal(running.Id);
        (await ContainersAsync(new() { PodSandboxId = pod.Id })).Should().BeEquivalentTo([running.Id, exited.Id]);
        (await ContainersAsync(new() { PodSandboxId = pod.Id[..12], State = new() { State = ContainerState.ContainerExited } })).Should().Equal(exited.Id);
        (await ContainersAsync(new() { PodSandboxId = pod.Id, LabelSelector = { ["kind"] = "long" } })).Should().Equal(running.Id);
        (await ContainersAsync(new() { PodSandboxId = pod.Id, LabelSelector = { ["kind"] = "lon" } })).Should().BeEmpty();
        (await ContainersAsync(new() { PodSandboxId = "ffffffffffff" })).Should().BeEmpty();
        (await Runtime.ContainerStatusAsync(new() { ContainerId = running.Id[..12] })).Status.Id.Should().Be(running.Id);
    }

    // Point 24.
    [NodeFact]
    public async Task Lists_of_statistics_hold_running_containers_only_and_filter()
    {
        await using var pod = await Node.RunPodAsync();
        var running = await pod.StartAsync("sleep 1000", config => config.Labels["of"] = "stats");
        await pod.CreateAsync("sleep 1000", config => config.Labels["of"] = "stats");
        await (await pod.StartAsync("true", config => config.Labels["of"] = "stats")).WaitForExitAsync();

        (await StatisticsAsync(new() { PodSandboxId = pod.Id })).Should().Equal(running.Id);
        (await StatisticsAsync(new() { Id = running.Id[..12] })).Should().Equal(running.Id);
        (await StatisticsAsync(new() { LabelSelector = { ["of"] = "stats" } })).Should().Equal(running.Id);
        (await StatisticsAsync(new() { LabelSelector = { ["of"] = "other" } })).Should().BeEmpty();
        using var stream = Runtime.StreamContainerStats(new() { Filter = new() { PodSandboxId = pod.Id } });
        var streamed = new List<string>();
        await foreach (var part in stream.ResponseStream.ReadAllAsync())
        {
            streamed.AddRange(part.ContainerStats.Select(stats => stats.Attributes.Id));
        }

        streamed.Should().Equal(running.Id);
    }

    // Point 24: no filter, and an empty one, match everything.
    [NodeFact]
    public async Task Without_a_filter_all_is_listed()
    {
        await using var ready = await Node.RunPodAsync();
        await using var stopped = await Node.RunPodAsync();
        var running = await ready.StartAsync("sleep 1000");
        var created = await stopped.CreateAsync("true");
        await stopped.StopAsync();

        (await Runtime.ListPodSandboxAsync(new())).Items.Select(item => item.Id).Should().BeEquivalentTo([ready.Id, stopped.Id]);
        (await PodsAsync(new())).Select(item => item.Id).Should().BeEquivalentTo([ready.Id, stopped.Id]);
        (await Runtime.ListContainersAsync(new())).Containers.Select(item => item.Id).Should().BeEquivalentTo([running.Id, created.Id]);
        (await ContainersAsync(new())).Should().BeEquivalentTo([running.Id, created.Id]);
        (await Runtime.ListContainerStatsAsync(new())).Stats.Select(item => item.Attributes.Id).Should().Equal(running.Id);
    }

    // Point 43: of the pod's statistics only those of containers are served as yet.
    [NodeFact]
    public async Task Statistics_of_a_container_are_complete()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("x=$(head -c 3000000 /dev/zero | tr '\\0' x); while :; do :; done", config => config.Linux.Resources.MemoryLimitInBytes = 64 << 20);

        var stats = await Eventually.GetsAsync(
            async () => (await Runtime.ContainerStatsAsync(new() { ContainerId = container.Id })).Stats,
            stats => stats.Cpu?.UsageNanoCores?.Value > 0 && stats.Memory.RssBytes.Value > 3_000_000 && stats.WritableLayer is not null,
            "two samples and a measured layer");

        stats.Attributes.Metadata.Should().Be(container.Config.Metadata);
        stats.Attributes.Labels.Should().Equal(container.Config.Labels);
        stats.Cpu.UsageCoreNanoSeconds.Value.Should().BePositive();
        stats.Memory.WorkingSetBytes.Value.Should().BePositive();
        stats.Memory.AvailableBytes.Value.Should().BeLessThan(64 << 20);
        stats.Memory.UsageBytes.Value.Should().BePositive();
        stats.Memory.PageFaults.Value.Should().BePositive();
        stats.Memory.MajorPageFaults.Should().NotBeNull();
        stats.Swap.Should().NotBeNull();
        stats.WritableLayer.UsedBytes.Should().NotBeNull();
        stats.WritableLayer.FsId.Mountpoint.Should().NotBeEmpty();
        foreach (var timestamp in (long[])[stats.Cpu.Timestamp, stats.Memory.Timestamp, stats.WritableLayer.Timestamp])
        {
            timestamp.Should().BePositive();
        }
    }

    [NodeFact]
    public async Task A_container_has_statistics_from_its_start_on()
    {
        await using var pod = await Node.RunPodAsync();
        var first = await pod.StartAsync("sleep 1000");
        (await Runtime.ContainerStatsAsync(new() { ContainerId = first.Id })).Stats.Cpu.Timestamp.Should().BePositive();

        var second = await pod.StartAsync("sleep 1000"); // in less time than a measurement is kept

        (await Runtime.ListContainerStatsAsync(new() { Filter = new() { Id = second.Id } })).Stats.Should().ContainSingle().Which.Cpu?.Timestamp.Should().BePositive();
        var third = await pod.StartAsync("sleep 1000");
        (await Runtime.ContainerStatsAsync(new() { ContainerId = third.Id })).Stats.Memory?.Timestamp.Should().BePositive();
    }

    private async Task<IReadOnlyList<PodSandbox>> PodsAsync(PodSandboxFilter filter) => (await Runtime.ListPodSandboxAsync(new() { Filter = filter })).Items;

    private async Task<IEnumerable<string>> ContainersAsync(ContainerFilter filter) =>
        (await Runtime.ListContainersAsync(new() { Filter = filter })).Containers.Select(container => container.Id);

    private async Task<IEnumerable<string>> StatisticsAsync(ContainerStatsFilter filter) =>
        (await Runtime.ListContainerStatsAsync(new() { Filter = filter })).Stats.Select(stats => stats.Attributes.Id);
}
