using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Sandboxes;
using Orlop.Testing;

namespace Orlop.Linux.Tests.EndToEnd;

/// <summary>The limits of a node with cgroup v2 only, as its kernel keeps them.</summary>
public sealed class UnifiedLimitTests(UnifiedNode node) : IClassFixture<UnifiedNode>, IDisposable
{
    private readonly string _parent = $"/orlop-test-{Guid.NewGuid():N}";

    public void Dispose()
    {
        if (Directory.Exists(UnifiedNode.Tree + _parent)) Remove(UnifiedNode.Tree + _parent);
    }

    [UnifiedFact(controllers: true)]
    public async Task All_limits_are_in_the_files_of_the_containers_cgroup()
    {
        (ISandbox pod, IContainer container) = await StartAsync(new Resources
        {
            Cpu = new CpuResources { Shares = 512, Quota = 50_000, Period = 100_000, Cpus = "0" },
            Memory = new MemoryResources { Limit = 64 << 20, Swap = 96 << 20, Reservation = 16 << 20 },
            Pids = new PidsResources { Limit = 50 },
            HugepageLimits = [new HugepageLimit { PageSize = "2MB", Limit = 4 << 20 }],
            Unified = new Dictionary<string, string> { ["memory.high"] = "50331648", ["memory.oom.group"] = "1" },
        });

        Read(pod, container, "cpu.weight", "cpu.max", "cpuset.cpus", "memory.max", "memory.swap.max", "memory.low", "memory.high", "memory.oom.group", "pids.max", "hugetlb.2MB.max", "hugetlb.2MB.rsvd.max")
            .Should().Equal("59", "50000 100000", "0", "67108864", "33554432", "16777216", "50331648", "1", "50", "4194304", "4194304");
    }

    [UnifiedFact(controllers: true)]
    public async Task A_cgroup_of_the_kubelets_passes_the_controllers_on_all_the_way_down()
    {
        _ = Directory.CreateDirectory($"{UnifiedNode.Tree}{_parent}/besteffort/pod1"); // and no more: nobody has enabled a controller in there

        (_, IContainer container) = await StartAsync(new Resources { Memory = new MemoryResources { Limit = 32 << 20 } }, $"{_parent}/besteffort/pod1");

        string folder = $"{UnifiedNode.Tree}{_parent}/besteffort/pod1";
        File.ReadAllText($"{folder}/{container.Id}/memory.max").Should().Be($"{32 << 20}\n");
        File.ReadAllText($"{folder}/cgroup.subtree_control").Should().ContainAll("cpu", "cpuset", "memory", "pids", "io", "hugetlb");
        File.ReadAllText($"{folder}/cgroup.procs").Should().BeEmpty();
    }

    [UnifiedFact(controllers: true)]
    public async Task A_process_in_a_cgroup_above_is_named_as_what_keeps_limits_out()
    {
        string above = $"{UnifiedNode.Tree}{_parent}";
        Directory.CreateDirectory(above);
        using var stranger = System.Diagnostics.Process.Start("/bin/sleep", "1000");
        File.WriteAllText($"{above}/cgroup.procs", stranger.Id.ToString(null as IFormatProvider));
        ISandbox pod = await node.RunPodAsync(TestNode.Pod() with { CgroupParent = $"{_parent}/pod1" });
        ContainerSpec limited = node.Container(pod, "true").WithResources(new Resources { Memory = new MemoryResources { Limit = 32 << 20 } });

        Func<Task> create = () => pod.CreateContainerAsync(limited, TestNode.Silence.Instance, default);

        (await create.Should().ThrowAsync<RuntimeException>()).WithMessage($"*memory.max*{above} does not pass the controller 'memory' on*").Which.Kind.Should().Be(ErrorKind.FailedPrecondition);
        Directory.Exists($"{above}/pod1/{limited.Id}").Should().BeFalse();
        (await TestNode.RunAsync(pod, node.Container(pod, "true"))).Exit.ExitCode.Should().Be(0);
        stranger.Kill();
        await stranger.WaitForExitAsync();
        await pod.RemoveAsync(TestNode.Silence.Instance, default);
    }

    [UnifiedFact(controllers: true)]
    public async Task The_kernels_kill_for_memory_is_the_reason_of_the_end()
    {
        ISandbox pod = await node.RunPodAsync();
        var resources = new Resources { Memory = new MemoryResources { Limit = 16 << 20, Swap = 16 << 20 }, Unified = new Dictionary<string, string> { ["memory.oom.group"] = "1" } };

        (ContainerExit alone, _) = await TestNode.RunAsync(pod, node.Container(pod, "sh", "-c", "x=0123456789; while true; do x=$x$x; done").WithResources(resources with { Unified = null }));
        (ContainerExit group, _) = await TestNode.RunAsync(pod, node.Container(pod, "sh", "-c", "(x=0123456789; while true; do x=$x$x; done); sleep 1000").WithResources(resources));

        alone.Should().BeEquivalentTo(new { ExitCode = 137, Reason = ExitReason.OutOfMemory });
        group.Should().BeEquivalentTo(new { ExitCode = 137, Reason = ExitReason.OutOfMemory });
    }

    [UnifiedFact(controllers: true)]
    public async Task No_more_processes_than_allowed_can_start()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; wait").WithResources(new Resources { Pids = new PidsResources { Limit = 4 } });

        (ContainerExit exit, string output) = await TestNode.RunAsync(pod, spec);

        exit.ExitCode.Should().NotBe(0);
        output.Should().Contain("can't fork");
    }

    [UnifiedFact(controllers: true)]
    public async Task An_update_is_made_as_a_whole_or_not_at_all()
    {
        (ISandbox pod, IContainer container) = await StartAsync(new Resources { Cpu = new CpuResources { Shares = 512, Quota = 50_000 }, Memory = new MemoryResources { Limit = 64 << 20 } });
        string[] files = ["cpu.weight", "cpu.max", "cpuset.cpus.effective", "memory.max", "memory.swap.max"];
        IReadOnlyList<string> before = Read(pod, container, files);
        var update = (IUpdateResources)container;
        var wanted = new Resources { Cpu = new CpuResources { Shares = 1024, Quota = 80_000, Cpus = "0" }, Memory = new MemoryResources { Limit = 96 << 20, Swap = 128 << 20 } };

        Func<Task> broken = () => update.UpdateResourcesAsync(wanted with { Unified = new Dictionary<string, string> { ["memory.high"] = "much" } }, default);
        Func<Task> unknown = () => update.UpdateResourcesAsync(wanted with { Unified = new Dictionary<string, string> { ["memory.no.such.file"] = "1" } }, default);
        Func<Task> foreign = () => update.UpdateResourcesAsync(wanted with { Unified = new Dictionary<string, string> { ["gpu.max"] = "1" } }, default);

        (await broken.Should().ThrowAsync<RuntimeException>()).WithMessage("*'much'*memory.high*").Which.Kind.Should().Be(ErrorKind.InvalidArgument);
        (await unknown.Should().ThrowAsync<RuntimeException>()).WithMessage("*memory.no.such.file*this kernel has no such file*").Which.Kind.Should().Be(ErrorKind.FailedPrecondition);
        (await foreign.Should().ThrowAsync<RuntimeException>()).WithMessage("*no cgroup controller 'gpu'*").Which.Kind.Should().Be(ErrorKind.FailedPrecondition);
        Read(pod, container, files).Should().Equal(before);

        await update.UpdateResourcesAsync(wanted, default);
        Read(pod, container, files).Should().Equal("100", "80000 100000", "0", $"{96 << 20}", $"{32 << 20}");
    }

    [UnifiedFact(controllers: true)]
    public async Task Quota_and_period_change_alone()
    {
        (ISandbox pod, IContainer container) = await StartAsync(new Resources { Cpu = new CpuResources { Quota = 50_000, Period = 200_000 } });
        var update = (IUpdateResources)container;

        await update.UpdateResourcesAsync(new Resources { Cpu = new CpuResources { Quota = 60_000 } }, default);
        Read(pod, container, "cpu.max").Should().Equal("60000 200000");
        await update.UpdateResourcesAsync(new Resources { Cpu = new CpuResources { Period = 250_000 } }, default);
        Read(pod, container, "cpu.max").Should().Equal("60000 250000");
        await update.UpdateResourcesAsync(new Resources { Cpu = new CpuResources { Quota = -1 } }, default);
        Read(pod, container, "cpu.max").Should().Equal("max 250000");
    }

    [UnifiedFact(controllers: true)]
    public async Task Limits_of_devices_go_back_to_what_they_were()
    {
        string disk = File.ReadAllText("/sys/block/vda/dev").Trim();
        (ISandbox pod, IContainer container) = await StartAsync(new Resources());
        var update = (IUpdateResources)container;
        static Resources With(params (string, string)[] unified) => new() { Unified = unified.ToDictionary(one => one.Item1, one => one.Item2) };

        Func<Task> first = () => update.UpdateResourcesAsync(With(("io.max", $"{disk} rbps=1048576 wiops=100"), ("memory.high", "much")), default);
        (await first.Should().ThrowAsync<RuntimeException>()).WithMessage("*memory.high*").Which.Message.Should().NotContain("going back failed");
        Read(pod, container, "io.max").Should().Equal("");

        await update.UpdateResourcesAsync(With(("io.max", $"{disk} rbps=1048576")), default);
        Func<Task> second = () => update.UpdateResourcesAsync(With(("io.max", $"{disk} rbps=max wbps=2097152\n{disk} nonsense=1")), default);
        (await second.Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.InvalidArgument);
        Read(pod, container, "io.max").Should().Equal($"{disk} rbps=1048576 wbps=max riops=max wiops=max");
    }

    [UnifiedFact(controllers: true)]
    public async Task Processes_are_born_with_the_cpus_of_their_cpuset()
    {
        (_, IContainer container) = await StartAsync(new Resources { Cpu = new CpuResources { Cpus = "0" } });

        File.ReadAllLines($"/proc/{container.ProcessId}/status").Should().Contain("Cpus_allowed_list:\t0");
        (await ExecAsync(container, "grep", "Cpus_allowed_list", "/proc/self/status")).Should().Be("Cpus_allowed_list:\t0\n");

        await ((IUpdateResources)container).UpdateResourcesAsync(new Resources { Cpu = new CpuResources { Cpus = "1" } }, default);
        (await ExecAsync(container, "grep", "Cpus_allowed_list", "/proc/self/status")).Should().Be("Cpus_allowed_list:\t1\n");
    }

    [UnifiedFact(controllers: true)]
    public async Task A_command_runs_in_a_container_that_has_all_the_processes_it_may_have()
    {
        (_, IContainer container) = await StartAsync(new Resources { Pids = new PidsResources { Limit = 1 } });

        (await ExecAsync(container, "grep", "0::", "/proc/self/cgroup")).Should().MatchRegex($"^0::/exec-[^/\n]+\n$");
    }

    [UnifiedFact(controllers: true)]
    public async Task Usage_and_pressure_are_measured()
    {
        (ISandbox pod, IContainer container) = await StartAsync(new Resources { Memory = new MemoryResources { Limit = 64 << 20 }, Cpu = new CpuResources { Quota = 20_000 } }, null, "while true; do :; done");

        SandboxUsage usage = null!;
        await Eventually.PassesAsync(async () =>
        {
            usage = (await node.Backend.MeasureAsync(default)).Single(one => one.SandboxId == pod.Id);
            usage.Containers[container.Id].CpuPressure!.Some.TotalNanoseconds.Should().BePositive();
        });

        ResourceUsage used = usage.Containers[container.Id];
        used.CpuNanoseconds.Should().BePositive();
        used.MemoryBytes.Should().BeInRange(1, 64 << 20);
        used.WorkingSetBytes.Should().BeInRange(1, used.MemoryBytes!.Value);
        used.RssBytes.Should().BePositive();
        (used.MemoryLimitBytes, used.SwapBytes, used.Processes).Should().Be((64 << 20, 0, 1));
        (used.MemoryPressure, used.IoPressure).Should().NotBe((null, null));
        usage.Pod!.CpuNanoseconds.Should().BeGreaterThanOrEqualTo(used.CpuNanoseconds!.Value);
    }

    [UnifiedFact(controllers: true)]
    public async Task A_supervisor_is_outside_of_its_pod_and_in_no_cgroup_that_passes_controllers_on()
    {
        (ISandbox pod, IContainer container) = await StartAsync(new Resources());

        File.ReadAllText($"/proc/{((LinuxSandbox)pod).SupervisorProcessId}/cgroup").Should().Be("0::/orlop/supervisors\n");
        File.ReadAllText($"/proc/{container.ProcessId}/cgroup").Should().Be($"0::/orlop/{pod.Id}/{container.Id}\n");
        File.ReadAllText($"{UnifiedNode.Tree}/orlop/supervisors/cgroup.subtree_control").Trim().Should().BeEmpty();
    }

    private async Task<(ISandbox Pod, IContainer Container)> StartAsync(Resources resources, string? parent = null, string script = "sleep 1000")
    {
        ISandbox pod = await node.RunPodAsync(TestNode.Pod() with { CgroupParent = parent ?? "" });
        return (pod, await TestNode.StartAsync(pod, node.Container(pod, "sh", "-c", script).WithResources(resources)));
    }

    private static async Task<string> ExecAsync(IContainer container, params string[] command) =>
        Encoding.UTF8.GetString((await container.ExecAsync(new ExecSpec { Command = command }, default)).Stdout.Span);

    private static IReadOnlyList<string> Read(ISandbox pod, IContainer container, params string[] files) =>
        [.. files.Select(file => File.ReadAllText($"{UnifiedNode.Tree}/orlop/{pod.Id}/{container.Id}/{file}").Trim())];

    private static void Remove(string folder)
    {
        File.WriteAllText($"{folder}/cgroup.kill", "1");
        Eventually.PassesAsync(() => RemoveTree(folder)).GetAwaiter().GetResult();
    }

    private static void RemoveTree(string folder)
    {
        foreach (string child in Directory.GetDirectories(folder)) RemoveTree(child);
        Directory.Delete(folder);
    }
}
