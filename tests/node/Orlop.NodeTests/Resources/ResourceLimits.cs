using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Resources;

public sealed class ResourceLimits(Node node) : NodeTest(node)
{
    private const long Mebibyte = 1 << 20;

    [NodeFact]
    public async Task Limits_are_in_the_cgroup_of_the_container_below_that_of_the_pod()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000", config => config.Linux.Resources = new()
        {
            CpuPeriod = 100_000, CpuQuota = 50_000, CpuShares = 512, MemoryLimitInBytes = 64 * Mebibyte, CpusetCpus = "0",
        });

        var cgroup = await ContainerCgroup.OfAsync(container);

        foreach (var controller in (string[])["memory", "cpu", "cpuset", "pids"])
        {
            cgroup.Path(controller).Should().StartWith(pod.Config.Linux.CgroupParent + "/").And.Contain(container.Id);
        }

        cgroup.Read("memory", "memory.max", "memory.limit_in_bytes").Should().Be((64 * Mebibyte).ToString());
        cgroup.Read("cpuset", "cpuset.cpus", "cpuset.cpus").Should().Be("0");
        if (CgroupTree.For("cpu").IsV2)
        {
            cgroup.Read("cpu", "cpu.max", "").Should().Be("50000 100000");
        }
        else
        {
            cgroup.Read("cpu", "", "cpu.cfs_quota_us").Should().Be("50000");
            cgroup.Read("cpu", "", "cpu.cfs_period_us").Should().Be("100000");
            cgroup.Read("cpu", "", "cpu.shares").Should().Be("512");
        }

        var limits = (await container.StatusAsync()).Resources.Linux;
        (limits.CpuQuota, limits.CpuPeriod, limits.CpuShares, limits.MemoryLimitInBytes, limits.CpusetCpus).Should().Be((50_000, 100_000, 512, 64 * Mebibyte, "0"));
    }

    [NodeFact]
    public async Task A_container_reads_its_own_limit()
    {
        await using var pod = await Node.RunPodAsync();

        var finished = await pod.RunAsync(
            "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null; touch /sys/fs/cgroup/x /sys/fs/cgroup/memory/x 2>/dev/null || echo readonly",
            config => config.Linux.Resources.MemoryLimitInBytes = 48 * Mebibyte);

        finished.Lines.Should().Equal((48 * Mebibyte).ToString(), "readonly");
    }

    [NodeFact]
    public async Task The_pods_own_cgroup_is_the_kubelets()
    {
        await using var pod = await Node.RunPodAsync();
        await pod.RunAsync("true");
        await pod.StopAsync();
        await pod.RemoveAsync();

        CgroupTree.Hierarchies.Should().OnlyContain(hierarchy => Directory.Exists(hierarchy.Folder(pod.Config.Linux.CgroupParent)));
    }

    [NodeFact]
    public async Task Hugepage_limits_of_a_node_without_them_are_ignored()
    {
        await using var pod = await Node.RunPodAsync();

        var finished = await pod.RunAsync("echo runs", config => config.Linux.Resources.HugepageLimits.Add(
            [new HugepageLimit { PageSize = "2MB", Limit = 0 }, new HugepageLimit { PageSize = "1GB", Limit = 0 }]));

        finished.Output.Should().Be("runs\n");
    }

    [NodeFact]
    public async Task Limits_of_a_running_container_change_and_its_status_with_them()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000", config => config.Linux.Resources = new() { CpuShares = 100, MemoryLimitInBytes = 32 * Mebibyte });

        await UpdateAsync(container, new() { CpuPeriod = 100_000, CpuQuota = 20_000, CpuShares = 204, MemoryLimitInBytes = 64 * Mebibyte });

        var cgroup = await ContainerCgroup.OfAsync(container);
        cgroup.Read("memory", "memory.max", "memory.limit_in_bytes").Should().Be((64 * Mebibyte).ToString());
        cgroup.Read("cpu", "cpu.max", "cpu.cfs_quota_us").Should().StartWith("20000");
        var limits = (await container.StatusAsync()).Resources.Linux;
        (limits.CpuQuota, limits.CpuShares, limits.MemoryLimitInBytes).Should().Be((20_000, 204, 64 * Mebibyte));
    }

    [NodeFact]
    public async Task Limits_of_a_created_container_hold_from_its_start()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.CreateAsync("sleep 1000", config => config.Linux.Resources = new() { MemoryLimitInBytes = 32 * Mebibyte });

        await UpdateAsync(container, new() { MemoryLimitInBytes = 40 * Mebibyte });
        await container.StartAsync();

        (await ContainerCgroup.OfAsync(container)).Read("memory", "memory.max", "memory.limit_in_bytes").Should().Be((40 * Mebibyte).ToString());
        (await container.StatusAsync()).Resources.Linux.MemoryLimitInBytes.Should().Be(40 * Mebibyte);
    }

    [NodeFact]
    public async Task A_memory_limit_below_the_usage_is_refused_and_nothing_changes()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync(
            "x=$(head -c 20000000 /dev/zero | tr '\\0' x); echo ready; while :; do sleep 1; done",
            config => config.Linux.Resources = new() { CpuShares = 100, MemoryLimitInBytes = 128 * Mebibyte });
        await container.WaitForLogAsync("ready");

        var update = () => UpdateAsync(container, new() { CpuShares = 200, MemoryLimitInBytes = 6 * Mebibyte });

        await update.Should().ThrowAsync<RpcException>();
        var limits = (await container.StatusAsync()).Resources.Linux;
        (limits.CpuShares, limits.MemoryLimitInBytes).Should().Be((100, 128 * Mebibyte));
        var cgroup = await ContainerCgroup.OfAsync(container);
        cgroup.Read("memory", "memory.max", "memory.limit_in_bytes").Should().Be((128 * Mebibyte).ToString());
        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);
    }

    [NodeFact]
    public async Task A_memory_limit_too_low_to_start_is_refused()
    {
        await using var pod = await Node.RunPodAsync();

        var start = async () => await pod.StartAsync("true", config => config.Linux.Resources.MemoryLimitInBytes = 4096);

        await start.Should().ThrowAsync<RpcException>();
    }

    private async Task UpdateAsync(PodContainer container, LinuxContainerResources resources) =>
        await Node.Cri.Runtime.UpdateContainerResourcesAsync(new() { ContainerId = container.Id, Linux = resources });
}
