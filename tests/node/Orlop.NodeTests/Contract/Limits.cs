using System.Text.Json;
using Orlop.NodeTests.Resources;
using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Contract;

/// <summary>Limits and the cgroups they are in; points 23, 34, 35, 41, 42 and 46 of the contract with the kubelet.</summary>
public sealed class Limits(Node node) : NodeTest(node)
{
    private const long Mebibyte = 1 << 20;

    // Point 23.
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

    // Point 23.
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

    // Points 23 and 46.
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

    // Point 23: the CPUs are written last, and this machine does not have them.
    [NodeFact]
    public async Task An_update_that_the_kernel_refuses_in_its_middle_changes_nothing()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000", config => config.Linux.Resources = new() { CpuShares = 100, MemoryLimitInBytes = 64 * Mebibyte });
        var before = (await container.StatusAsync()).Resources;
        var cgroup = await ContainerCgroup.OfAsync(container);
        var weight = cgroup.Read("cpu", "cpu.weight", "cpu.shares");

        var update = () => UpdateAsync(container, new() { CpuShares = 500, CpuPeriod = 50_000, CpuQuota = 10_000, MemoryLimitInBytes = 96 * Mebibyte, CpusetCpus = "8000" });

        await update.Should().ThrowAsync<RpcException>();
        (await container.StatusAsync()).Resources.Should().Be(before);
        cgroup.Read("cpu", "cpu.weight", "cpu.shares").Should().Be(weight);
        cgroup.Read("cpu", "cpu.max", "cpu.cfs_period_us").Should().ContainAny("100000");
        cgroup.Read("memory", "memory.max", "memory.limit_in_bytes").Should().Be((64 * Mebibyte).ToString());
    }

    // Point 23.
    [NodeFact]
    public async Task Two_different_updates_at_once_both_count()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000", config => config.Linux.Resources = new() { CpuShares = 100, MemoryLimitInBytes = 64 * Mebibyte });

        await Task.WhenAll(UpdateAsync(container, new() { CpuShares = 300 }), UpdateAsync(container, new() { MemoryLimitInBytes = 96 * Mebibyte }));

        var limits = (await container.StatusAsync()).Resources.Linux;
        (limits.CpuShares, limits.MemoryLimitInBytes).Should().Be((300, 96 * Mebibyte));
        (await ContainerCgroup.OfAsync(container)).Read("memory", "memory.max", "memory.limit_in_bytes").Should().Be((96 * Mebibyte).ToString());
    }

    // Point 34.
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

    // Point 34.
    [NodeFact]
    public async Task The_pods_own_cgroup_is_the_kubelets()
    {
        await using var pod = await Node.RunPodAsync();
        await pod.RunAsync("true");
        await pod.StopAsync();
        await pod.RemoveAsync();

        CgroupTree.Hierarchies.Should().OnlyContain(hierarchy => Directory.Exists(hierarchy.Folder(pod.Config.Linux.CgroupParent)));
    }

    // Point 35: the kubelet has written them into the pod's cgroup before.
    [NodeFact]
    public async Task Limits_of_a_pod_are_taken_note_of_and_its_cgroup_is_left_alone()
    {
        await using var pod = await Node.RunPodAsync(config => config.Linux.Resources = new() { CpuShares = 100 });
        var file = Path.Combine(CgroupTree.For("memory").Folder(pod.Config.Linux.CgroupParent), CgroupTree.IsV2 ? "memory.max" : "memory.limit_in_bytes");
        await File.WriteAllTextAsync(file, (256 * Mebibyte).ToString());
        var before = await File.ReadAllTextAsync(file);

        await Node.Cri.Runtime.UpdatePodSandboxResourcesAsync(new()
        {
            PodSandboxId = pod.Id, Overhead = new() { MemoryLimitInBytes = Mebibyte }, Resources = new() { MemoryLimitInBytes = 128 * Mebibyte },
        });

        (await File.ReadAllTextAsync(file)).Should().Be(before);
        using var info = JsonDocument.Parse((await Node.Cri.Runtime.PodSandboxStatusAsync(new() { PodSandboxId = pod.Id, Verbose = true })).Info["info"]);
        info.RootElement.GetProperty("overhead").GetProperty("MemoryLimit").GetInt64().Should().Be(Mebibyte);
        info.RootElement.GetProperty("resources").GetProperty("MemoryLimit").GetInt64().Should().Be(128 * Mebibyte);
    }

    // Point 41.
    [NodeFact]
    public async Task Hugepage_limits_of_a_node_without_them_are_ignored()
    {
        await using var pod = await Node.RunPodAsync();

        var finished = await pod.RunAsync("echo runs", config => config.Linux.Resources.HugepageLimits.Add(
            [new HugepageLimit { PageSize = "2MB", Limit = 0 }, new HugepageLimit { PageSize = "1GB", Limit = 0 }]));

        finished.Output.Should().Be("runs\n");
    }

    // Point 42.
    [NodeFact]
    public async Task An_oom_score_is_set_as_far_as_the_kernel_allows()
    {
        (await RunAsync("cat /proc/self/oom_score_adj", config => config.Linux.Resources.OomScoreAdj = 500)).Output.Should().Be("500\n");
        var score = int.Parse((await RunAsync("cat /proc/self/oom_score_adj", config => config.Linux.Resources.OomScoreAdj = -998)).Output);
        score.Should().BeInRange(-998, Math.Max(-998, int.Parse(await File.ReadAllTextAsync($"/proc/{Node.Daemon.Pid}/oom_score_adj"))), "the kernel lets nobody without CAP_SYS_RESOURCE go below what he has");
    }

    // Point 46: refused by the create.
    [NodeFact]
    public async Task A_memory_limit_too_low_to_start_is_refused()
    {
        await using var pod = await Node.RunPodAsync();

        var create = async () => await pod.CreateAsync("true", config => config.Linux.Resources.MemoryLimitInBytes = 4096);

        (await create.ShouldFailWithAsync(StatusCode.InvalidArgument)).Status.Detail.Should().Contain("4096");
    }

    // Point 46: refused by the create.
    [NodeFact]
    public async Task Two_devices_at_one_place_are_refused()
    {
        await using var pod = await Node.RunPodAsync();

        var create = async () => await pod.CreateAsync("true", config => config.Devices.Add(
            [new Device { HostPath = "/dev/null", ContainerPath = "/dev/mine", Permissions = "rw" }, new Device { HostPath = "/dev/zero", ContainerPath = "/dev/mine", Permissions = "rw" }]));

        (await create.ShouldFailWithAsync(StatusCode.InvalidArgument)).Status.Detail.Should().Contain("/dev/mine");
    }

    // Point 46: refused by the create.
    [NodeFact]
    public async Task A_working_folder_that_cannot_be_made_is_refused()
    {
        await using var pod = await Node.RunPodAsync();

        var create = async () => await pod.CreateAsync("true", config => config.WorkingDir = "/etc/passwd/below");

        (await create.ShouldFailWithAsync(StatusCode.InvalidArgument)).Status.Detail.Should().Contain("/etc/passwd/below");
        (await Node.Cri.Runtime.ListContainersAsync(new() { Filter = new() { PodSandboxId = pod.Id } })).Containers.Should().BeEmpty();
    }

    private async Task<Finished> RunAsync(string script, Action<ContainerConfig> configure)
    {
        await using var pod = await Node.RunPodAsync();
        return await pod.RunAsync(script, configure);
    }

    private async Task UpdateAsync(PodContainer container, LinuxContainerResources resources) =>
        await Node.Cri.Runtime.UpdateContainerResourcesAsync(new() { ContainerId = container.Id, Linux = resources });
}
