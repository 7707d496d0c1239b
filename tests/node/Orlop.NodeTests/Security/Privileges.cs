using Orlop.Testing.Images;

namespace Orlop.NodeTests.Security;

public sealed class Privileges(Node node) : NodeTest(node)
{
    // chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service net_raw sys_chroot mknod audit_write setfcap
    private const string DefaultCapabilities = "00000000a80425fb";
    private const string Effective = "grep CapEff /proc/self/status | cut -f2";

    [NodeFact]
    public async Task A_container_has_the_usual_capabilities()
    {
        (await RunAsync(Effective, _ => { })).Output.Trim().Should().Be(DefaultCapabilities);
        (await RunAsync("grep CapInh /proc/self/status | cut -f2", _ => { })).Output.Trim().Should().Be("0000000000000000");
    }

    [NodeTheory]
    [InlineData("", "ALL", "0000000000000000")]
    [InlineData("NET_ADMIN", "", "00000000a80435fb")]
    [InlineData("CAP_NET_ADMIN", "", "00000000a80435fb")]
    [InlineData("", "CHOWN", "00000000a80425fa")]
    [InlineData("NET_BIND_SERVICE", "ALL", "0000000000000400")]
    public async Task Capabilities_are_added_and_dropped(string add, string drop, string expected)
    {
        var finished = await RunAsync(Effective, config =>
        {
            config.Linux.SecurityContext.Capabilities.AddCapabilities.Add(add.Split(',', StringSplitOptions.RemoveEmptyEntries));
            config.Linux.SecurityContext.Capabilities.DropCapabilities.Add(drop.Split(',', StringSplitOptions.RemoveEmptyEntries));
        });

        finished.Output.Trim().Should().Be(expected);
    }

    [NodeFact]
    public async Task ALL_capabilities_are_those_that_the_node_has()
    {
        var bounding = (await Node.Namespaces.RunAsync("grep CapBnd /proc/self/status | cut -f2")).Trim();

        (await RunAsync(Effective, config => config.Linux.SecurityContext.Capabilities.AddCapabilities.Add("ALL"))).Output.Trim().Should().Be(bounding);
    }

    [NodeFact]
    public async Task A_capability_that_does_not_exist_is_refused_by_name()
    {
        await using var pod = await Node.RunPodAsync();

        var create = async () => await pod.CreateAsync("true", config => config.Linux.SecurityContext.Capabilities.AddCapabilities.Add("SYS_MAGIC"));

        (await create.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("SYS_MAGIC");
    }

    [NodeFact]
    public async Task An_unprivileged_user_has_no_effective_capabilities()
    {
        (await RunAsync(Effective, config => config.Linux.SecurityContext.RunAsUser = new Int64Value { Value = 1000 })).Output.Trim()
            .Should().Be("0000000000000000");
    }

    [NodeFact]
    public async Task Ambient_capabilities_reach_an_unprivileged_user()
    {
        var finished = await RunAsync(Effective, config =>
        {
            config.Linux.SecurityContext.RunAsUser = new Int64Value { Value = 1000 };
            config.Linux.SecurityContext.Capabilities.AddAmbientCapabilities.Add("NET_BIND_SERVICE");
        });

        finished.Output.Trim().Should().Be("0000000000000400");
    }

    [NodeTheory]
    [InlineData(false, 0)]
    [InlineData(true, 1000 & 255)]
    public async Task No_new_privileges_takes_the_power_of_set_user_ID_programs(bool noNewPrivileges, int expectedUserId)
    {
        var finished = await RunAsync("exec /setuid/euid", config =>
        {
            config.Image.Image = Node.Image(TestImages.Layered).Reference;
            config.Linux.SecurityContext.RunAsUser = new Int64Value { Value = 1000 };
            config.Linux.SecurityContext.NoNewPrivs = noNewPrivileges;
        });

        finished.Status.ExitCode.Should().Be(expectedUserId);
    }

    [NodeFact]
    public async Task A_privileged_container_has_all_capabilities_devices_and_a_writable_sys()
    {
        var bounding = (await Node.Namespaces.RunAsync("grep CapBnd /proc/self/status | cut -f2")).Trim();
        await using var pod = await Node.RunPodAsync(config => config.Linux.SecurityContext.Privileged = true);

        var finished = await pod.RunAsync(
            $"{Effective}; ls /dev/kmsg; grep -E ' /sys sysfs ' /proc/mounts | grep -c 'rw'; mknod /tmp/kmsg c 1 11 && head -c 0 /tmp/kmsg && echo open; touch /proc/sys/kernel/domainname && echo writable",
            config => config.Linux.SecurityContext.Privileged = true);

        finished.Lines.Should().Equal(bounding, "/dev/kmsg", "1", "open", "writable");
    }

    [NodeFact]
    public async Task A_privileged_container_needs_a_privileged_pod()
    {
        await using var pod = await Node.RunPodAsync();

        var create = async () => await pod.CreateAsync("true", config => config.Linux.SecurityContext.Privileged = true);

        await create.Should().ThrowAsync<RpcException>();
    }

    [NodeFact]
    public async Task Masked_and_readonly_paths_are_closed()
    {
        var finished = await RunAsync("head -c 1 /proc/kcore | wc -c; cat /proc/keys | wc -c; ls /sys/firmware | wc -l; echo 1 > /proc/sys/kernel/domainname || echo refused", _ => { });

        finished.Lines.Should().Equal("0", "0", "0", "refused");
    }

    [NodeFact]
    public async Task Without_masked_paths_nothing_is_hidden()
    {
        var finished = await RunAsync("ls /sys/firmware | wc -l; head -n 1 /proc/timer_list | wc -l", config =>
        {
            config.Linux.SecurityContext.MaskedPaths.Clear();
            config.Linux.SecurityContext.ReadonlyPaths.Clear();
        });

        finished.Lines.Should().HaveCount(2);
        finished.Lines[1].Should().Be("1");
    }

    [NodeFact]
    public async Task A_readonly_root_takes_no_writes_but_its_mounts_do()
    {
        var finished = await RunAsync("touch /file || echo refused; touch /dev/shm/file && echo shm; touch /shared/file && echo mount", config =>
        {
            config.Linux.SecurityContext.ReadonlyRootfs = true;
            config.Mounts.Add(new Mount { HostPath = Node.Folder.Shared, ContainerPath = "/shared" });
        });

        finished.Lines.Should().Equal("refused", "shm", "mount");
    }

    private async Task<Finished> RunAsync(string script, Action<ContainerConfig> configure)
    {
        await using var pod = await Node.RunPodAsync();
        return await pod.RunAsync(script, configure);
    }
}
