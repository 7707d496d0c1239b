using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Sandboxes;
using Orlop.Testing;

namespace Orlop.Linux.Tests.EndToEnd;

public sealed class UnifiedCgroupTests(UnifiedNode node) : IClassFixture<UnifiedNode>
{
    // Nothing but the devices' cgroup keeps root from the log of the kernel and from a disk that is there.
    private const string MakeAndWrite =
        "exec 2>&1; mknod /tmp/null c 1 3; (: > /tmp/null) && echo null works; mknod /tmp/kmsg c 1 11; (: > /tmp/kmsg) && echo log works; mknod /tmp/disk b 254 0; (: < /tmp/disk);";

    [UnifiedFact]
    public async Task A_container_is_in_a_cgroup_of_its_own_and_sees_only_that()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "cat /sys/fs/cgroup/cgroup.procs | wc -l; grep 0:: /proc/self/cgroup; mount | grep -c 'type cgroup2 (ro'; mkdir /sys/fs/cgroup/x 2>&1");

        (_, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().MatchRegex("^[1-9]\n").And.Contain("0::/\n1\n").And.Contain("Read-only file system");
    }

    [UnifiedFact]
    public async Task A_supervisor_is_a_child_of_ours_outside_of_its_pod()
    {
        int supervisor = ((LinuxSandbox)await node.RunPodAsync()).SupervisorProcessId;

        File.ReadAllLines($"/proc/{supervisor}/cgroup").Should().Contain("0::/orlop/supervisors");
        File.ReadAllText($"/proc/{supervisor}/stat").Split(' ')[3].Should().Be($"{Environment.ProcessId}");
    }

    [UnifiedFact]
    public async Task A_program_keeps_devices_out_of_reach()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", $"{MakeAndWrite} head -c 1 /dev/mine | wc -c") with { Devices = [new HostDevice("/dev/zero", "/dev/mine", "r")] };

        (_, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().Be("null works\nsh: can't create /tmp/kmsg: Operation not permitted\nsh: can't open /tmp/disk: Operation not permitted\n1\n");
    }

    [UnifiedFact(controllers: true)]
    public async Task A_privileged_container_has_no_program()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", MakeAndWrite).WithResources(new Resources { Devices = [new DeviceRule { Allow = true, Type = "a", Access = "rwm" }] });

        (_, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().StartWith("null works\nlog works\n").And.NotContain("Operation not permitted");
    }

    [UnifiedFact(controllers: true)]
    public async Task A_container_that_manages_cgroups_itself_still_takes_commands_and_goes_away()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "cd /sys/fs/cgroup && mkdir init && echo 1 > init/cgroup.procs && echo +memory > cgroup.subtree_control && echo delegated; sleep 1000");
        spec = spec with { Oci = spec.Oci with { Mounts = [.. spec.Oci.Mounts!.Select(mount => mount.Type == "cgroup" ? mount with { Options = ["nosuid", "noexec", "nodev", "rw"] } : mount)] } };
        IContainer container = await TestNode.StartAsync(pod, spec);
        await Eventually.PassesAsync(() => TestNode.Output(spec).Should().Be("delegated\n"));

        ExecResult result = await container.ExecAsync(new ExecSpec { Command = ["cat", "/proc/self/cgroup", "/sys/fs/cgroup/init/cgroup.procs"] }, default);

        Encoding.UTF8.GetString(result.Stdout.Span).Should().MatchRegex("^0::/[^/\n]+\n1\n");
        await container.RemoveAsync(TestNode.Silence.Instance, default);
        Directory.Exists($"{UnifiedNode.Tree}/orlop/{pod.Id}/{container.Id}").Should().BeFalse();
    }

    [UnifiedFact]
    public async Task A_command_that_takes_too_long_is_gone_with_its_children()
    {
        ISandbox pod = await node.RunPodAsync();
        IContainer container = await TestNode.StartAsync(pod, node.Container(pod, "sleep", "1000"));

        Func<Task> exec = () => container.ExecAsync(new ExecSpec { Command = ["sh", "-c", "sleep 5432 & sleep 5432"], Timeout = TimeSpan.FromMilliseconds(300) }, default);

        (await exec.Should().ThrowAsync<RuntimeException>()).Which.Kind.Should().Be(ErrorKind.DeadlineExceeded);
        ExecResult processes = await container.ExecAsync(new ExecSpec { Command = ["ps"] }, default);
        Encoding.UTF8.GetString(processes.Stdout.Span).Should().Contain("sleep 1000").And.NotContain("5432");
    }

    [UnifiedFact]
    public async Task Killing_and_removing_leave_nothing()
    {
        ISandbox pod = await node.RunPodAsync(TestNode.Pod() with { CgroupParent = $"/orlop-test-{Environment.ProcessId}" });
        IContainer container = await TestNode.StartAsync(pod, node.Container(pod, "sh", "-c", "sleep 1000 & sleep 1000"));
        await container.ExecAsync(new ExecSpec { Command = ["sh", "-c", "sleep 2000 > /dev/null 2>&1 &"] }, default);
        string parent = $"{UnifiedNode.Tree}/orlop-test-{Environment.ProcessId}";
        Directory.Exists($"{parent}/{container.Id}").Should().BeTrue();

        await container.RemoveAsync(TestNode.Silence.Instance, default);
        await pod.RemoveAsync(TestNode.Silence.Instance, default);

        Directory.GetDirectories(parent).Should().BeEmpty();
        Directory.Delete(parent); // not ours: the kubelet's
    }

    [UnifiedFact(controllers: false)]
    public async Task A_limit_without_its_controller_is_an_error_but_huge_pages_are_not()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec limited = node.Container(pod, "true").WithResources(new Resources { Memory = new MemoryResources { Limit = 64 << 20 } });
        ContainerSpec huge = node.Container(pod, "true").WithResources(new Resources { HugepageLimits = [new HugepageLimit { PageSize = "2MB" }] });

        Func<Task> create = () => pod.CreateContainerAsync(limited, TestNode.Silence.Instance, default);

        (await create.Should().ThrowAsync<RuntimeException>()).WithMessage("*no cgroup controller 'memory'*").Which.Kind.Should().Be(ErrorKind.FailedPrecondition);
        (await TestNode.RunAsync(pod, huge)).Exit.ExitCode.Should().Be(0);
    }
}
