using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;

namespace Orlop.Linux.Tests.EndToEnd;

public sealed class UnifiedCgroupTests(UnifiedNode node) : IClassFixture<UnifiedNode>
{
    [UnifiedFact]
    public async Task A_container_is_in_a_cgroup_of_its_own_and_sees_only_that()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "cat /sys/fs/cgroup/cgroup.procs | wc -l; grep 0:: /proc/self/cgroup; mount | grep -c 'type cgroup2 (ro'; mkdir /sys/fs/cgroup/x 2>&1");

        (_, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().MatchRegex("^[1-9]\n").And.Contain("0::/\n1\n").And.Contain("Read-only file system");
    }

    [UnifiedFact]
    public async Task A_program_keeps_devices_out_of_reach()
    {
        ISandbox pod = await node.RunPodAsync();
        ContainerSpec spec = node.Container(pod, "sh", "-c", "head -c 1 /dev/zero | wc -c; mknod /tmp/mem c 1 1; cat /tmp/mem 2>&1; head -c 1 /dev/mine | wc -c") with { Devices = [new HostDevice("/dev/zero", "/dev/mine", "r")] };

        (_, string output) = await TestNode.RunAsync(pod, spec);

        output.Should().StartWith("1\n").And.Contain("Operation not permitted").And.EndWith("1\n");
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

    [UnifiedFact]
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
