namespace Orlop.NodeTests.Resources;

public sealed class Statistics(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    [NodeFact]
    public async Task Stats_show_what_a_container_uses()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync(
            "head -c 5242880 /dev/urandom > /file; x=$(head -c 3000000 /dev/zero | tr '\\0' x); while :; do :; done",
            config => config.Linux.Resources = new() { MemoryLimitInBytes = 64 << 20, CpuPeriod = 100_000, CpuQuota = 20_000 });

        var stats = await Eventually.GetsAsync(
            () => StatsAsync(container),
            value => value.WritableLayer?.UsedBytes?.Value >= 5 << 20 && value.Cpu?.UsageCoreNanoSeconds?.Value > 0,
            "statistics with CPU time and 5 MiB in the writable layer",
            Deadline.Seconds(60));

        stats.Attributes.Id.Should().Be(container.Id);
        stats.Attributes.Metadata.Should().Be(container.Config.Metadata);
        stats.Attributes.Labels.Should().Equal(container.Config.Labels);
        stats.Cpu.Timestamp.Should().BePositive();
        stats.Memory.WorkingSetBytes.Value.Should().BeInRange(1 << 20, 64 << 20);
        stats.Memory.UsageBytes.Value.Should().BeGreaterThanOrEqualTo(stats.Memory.WorkingSetBytes.Value);
        stats.WritableLayer.InodesUsed.Value.Should().BePositive();
        stats.WritableLayer.FsId.Mountpoint.Should().NotBeEmpty();
        await Eventually.PassesAsync(async () => (await StatsAsync(container)).Cpu.UsageCoreNanoSeconds.Value.Should().BeGreaterThan(stats.Cpu.UsageCoreNanoSeconds.Value));
    }

    [NodeFact]
    public async Task Lists_hold_running_containers_only_and_filter()
    {
        await using var pod = await Node.RunPodAsync();
        var running = await pod.StartAsync("sleep 1000", config => config.Labels["of"] = "stats");
        await pod.CreateAsync("sleep 1000", config => config.Labels["of"] = "stats");
        await (await pod.StartAsync("true", config => config.Labels["of"] = "stats")).WaitForExitAsync();

        (await ListAsync(new() { PodSandboxId = pod.Id })).Should().Equal(running.Id);
        (await ListAsync(new() { Id = running.Id[..12] })).Should().Equal(running.Id);
        (await ListAsync(new() { LabelSelector = { ["of"] = "stats" } })).Should().Equal(running.Id);
        (await ListAsync(new() { LabelSelector = { ["of"] = "other" } })).Should().BeEmpty();
        using var stream = Runtime.StreamContainerStats(new() { Filter = new() { PodSandboxId = pod.Id } });
        var streamed = new List<string>();
        await foreach (var part in stream.ResponseStream.ReadAllAsync())
        {
            streamed.AddRange(part.ContainerStats.Select(stats => stats.Attributes.Id));
        }

        streamed.Should().Equal(running.Id);
    }

    private async Task<ContainerStats> StatsAsync(PodContainer container) => (await Runtime.ContainerStatsAsync(new() { ContainerId = container.Id })).Stats;

    private async Task<IEnumerable<string>> ListAsync(ContainerStatsFilter filter) =>
        (await Runtime.ListContainerStatsAsync(new() { Filter = filter })).Stats.Select(stats => stats.Attributes.Id);
}
