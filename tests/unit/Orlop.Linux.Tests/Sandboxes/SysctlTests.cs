using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Linux.Sandboxes;

namespace Orlop.Linux.Tests.Sandboxes;

public sealed class SysctlTests
{
    [Theory]
    [InlineData("net.core.somaxconn", "net/core/somaxconn")]
    [InlineData("net/core/somaxconn", "net/core/somaxconn")]
    [InlineData("net.ipv4.conf.eth0/1.forwarding", "net/ipv4/conf/eth0.1/forwarding")]
    [InlineData("net/ipv4/conf/eth0.1/forwarding", "net/ipv4/conf/eth0.1/forwarding")]
    [InlineData("kernel.shm_rmid_forced", "kernel/shm_rmid_forced")]
    [InlineData("fs.mqueue.msg_max", "fs/mqueue/msg_max")]
    public void Names_are_taken_with_both_separators(string name, string path) =>
        Sysctl.Plan(Pod(name)).Should().Contain(new Sysctl(path, "1"));

    [Theory]
    [InlineData("kernel.hostname")]
    [InlineData("kernel.core_pattern")]
    [InlineData("vm.swappiness")]
    [InlineData("fs.file-max")]
    [InlineData("net.core.somaxconn+kernel.core_pattern")]
    [InlineData("net/../kernel/core_pattern")]
    [InlineData("net.core.so max")]
    [InlineData("net.core.x\ny")]
    [InlineData("kernel.shm_rmid_forced\0")]
    [InlineData("net")]
    [InlineData("")]
    [InlineData(".net.core")]
    [InlineData("net..core")]
    public void What_is_the_nodes_or_no_name_is_refused(string name)
    {
        Action plan = () => Sysctl.Plan(Pod(name)); // CVE-2022-0811

        plan.Should().Throw<RuntimeException>().Which.Kind.Should().Be(ErrorKind.InvalidArgument);
    }

    [Theory]
    [InlineData("1+kernel.core_pattern=x")]
    [InlineData("1\nkernel.core_pattern=x")]
    public void A_value_carries_no_second_setting(string value)
    {
        Action plan = () => Sysctl.Plan(Pod("net.core.somaxconn", value));

        plan.Should().Throw<RuntimeException>();
    }

    [Fact]
    public void The_nodes_namespaces_are_left_alone()
    {
        Action network = () => Sysctl.Plan(Pod("net.core.somaxconn") with { Network = NamespaceMode.Node });
        Action ipc = () => Sysctl.Plan(Pod("kernel.shmmax") with { Ipc = NamespaceMode.Node });

        network.Should().Throw<RuntimeException>().WithMessage("*the pod uses the node's network*");
        ipc.Should().Throw<RuntimeException>().WithMessage("*the pod uses the node's IPC namespace*");
    }

    [Fact]
    public void A_pods_own_value_takes_the_place_of_the_preset()
    {
        Sysctl.Plan(Pod("net.ipv4.ip_unprivileged_port_start", "1024")).Should().Equal(
            new Sysctl("net/ipv4/ping_group_range", "0 2147483647"), new Sysctl("net/ipv4/ip_unprivileged_port_start", "1024"));
        Sysctl.Plan(Pod("kernel.shmmax") with { Network = NamespaceMode.Node }).Should().ContainSingle();
    }

    private static SandboxSpec Pod(string name, string value = "1") =>
        new() { Id = "a", Name = "p", Namespace = "n", Uid = "u", Sysctls = new Dictionary<string, string> { [name] = value } };
}
