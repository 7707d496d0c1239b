namespace Orlop.NodeTests.Namespaces;

public sealed class PodNamespaces(Node node) : NodeTest(node)
{
    private const string All = "for n in net ipc uts pid mnt cgroup user; do readlink /proc/self/ns/$n; done";

    [NodeFact]
    public async Task Containers_of_a_pod_share_network_ipc_and_host_name_only()
    {
        await using var pod = await Node.RunPodAsync();
        var first = await ReadAsync(await pod.StartAsync("sleep 1000"));
        var second = await ReadAsync(await pod.StartAsync("sleep 1000"));
        var outside = (await Node.Namespaces.RunAsync(All)).Split('\n');

        first[..3].Should().Equal(second[..3]);
        first[3].Should().NotBe(second[3]);
        first[4].Should().NotBe(second[4]);
        foreach (var index in Enumerable.Range(0, 6))
        {
            first[index].Should().NotBe(outside[index]);
        }

        first[6].Should().Be(outside[6], "no user namespace was asked for");

        static async Task<string[]> ReadAsync(PodContainer container) => (await container.ReadAsync(All)).Split('\n');
    }

    [NodeFact]
    public async Task A_container_of_its_own_process_namespace_is_process_1_there()
    {
        await using var pod = await Node.RunPodAsync();

        (await pod.RunAsync("echo $$; ls /proc | grep -c '^[0-9]'")).Lines[0].Should().Be("1");
    }

    [NodeFact]
    public async Task A_shared_process_namespace_shows_all_containers_and_reaps_orphans()
    {
        await using var pod = await Node.RunPodAsync(config => config.Linux.SecurityContext.NamespaceOptions.Pid = NamespaceMode.Pod);
        await pod.StartAsync("sleep 4711");

        var second = await pod.StartAsync("sh -c 'sh -c \"sleep 0.1\" & exit' ; echo $$; sleep 1000");

        (await second.ReadAsync("ps | grep -c '[s]leep 4711'")).Should().Be("1");
        second.Log()[0].Text.Should().NotBe("1");
        await Eventually.PassesAsync(async () => (await second.ReadAsync("grep -l 'State:.*Z' /proc/[0-9]*/status | wc -l")).Should().Be("0"));
        (await second.ReadAsync("kill -9 1; sleep 0.2; ps | grep -c '[s]leep 4711'")).Should().Be("1", "the init of the pod takes no SIGKILL from its containers");
    }

    [NodeFact]
    public async Task The_namespaces_of_the_node_are_used_when_asked_for()
    {
        await using var pod = await Node.RunPodAsync(config => config.Linux.SecurityContext.NamespaceOptions =
            new NamespaceOption { Network = NamespaceMode.Node, Pid = NamespaceMode.Node, Ipc = NamespaceMode.Node });

        var inside = (await pod.RunAsync(All)).Lines;

        var outside = (await Node.Namespaces.RunAsync(All)).Split('\n');
        (inside[0], inside[1], inside[3]).Should().Be((outside[0], outside[1], outside[3]));
        inside[4].Should().NotBe(outside[4]);
        (await pod.StatusAsync()).Linux.Namespaces.Options.Network.Should().Be(NamespaceMode.Node);
    }

    [NodeFact]
    public async Task A_container_of_the_nodes_processes_ends_with_all_its_own()
    {
        await using var pod = await Node.RunPodAsync(config => config.Linux.SecurityContext.NamespaceOptions.Pid = NamespaceMode.Node);
        var container = await pod.StartAsync("setsid sleep 8151623 & sleep 1000");
        await Eventually.PassesAsync(async () => (await Node.Namespaces.RunAsync("grep -c 8151623 /proc/[0-9]*/cmdline | grep -c ':[1-9]'")).Trim().Should().NotBe("0"));

        await container.StopAsync(TimeSpan.Zero);

        await Eventually.PassesAsync(async () => (await Node.Namespaces.RunAsync("ps ax 2>/dev/null | grep -c '[s]leep 8151623' || true")).Trim().Should().Be("0"));
    }

    [NodeFact]
    public async Task A_container_can_join_the_processes_of_another()
    {
        await using var pod = await Node.RunPodAsync();
        var target = await pod.StartAsync("sleep 1507");

        var joined = await pod.StartAsync("sleep 1000", config =>
            config.Linux.SecurityContext.NamespaceOptions = new NamespaceOption { Pid = NamespaceMode.Target, TargetId = target.Id });

        (await joined.ReadAsync("ps | grep -c '[s]leep 1507'")).Should().Be("1");
        (await joined.ReadAsync("readlink /proc/self/ns/pid")).Should().Be(await target.ReadAsync("readlink /proc/self/ns/pid"));
    }

    [NodeFact]
    public async Task To_join_a_container_that_is_not_there_is_an_error()
    {
        await using var pod = await Node.RunPodAsync();

        var start = async () => await pod.StartAsync("true", config =>
            config.Linux.SecurityContext.NamespaceOptions = new NamespaceOption { Pid = NamespaceMode.Target, TargetId = "no-such-container" });

        (await start.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("no-such-container");
    }

    [NodeFact]
    public async Task The_pod_has_its_host_name()
    {
        await using var pod = await Node.RunPodAsync(config => config.Hostname = "web-0");

        (await pod.RunAsync("hostname; cat /etc/hostname; echo $HOSTNAME")).Lines.Should().Equal("web-0", "web-0", "web-0");
    }

    [NodeFact]
    public async Task The_pod_resolves_names_as_asked()
    {
        await using var pod = await Node.RunPodAsync(config => config.DnsConfig = new DNSConfig
        {
            Servers = { "10.96.0.10", "fd00::10" },
            Searches = { "default.svc.cluster.local", "svc.cluster.local" },
            Options = { "ndots:5" },
        });

        (await pod.RunAsync("cat /etc/resolv.conf")).Lines.Should().BeEquivalentTo(
            "nameserver 10.96.0.10", "nameserver fd00::10", "search default.svc.cluster.local svc.cluster.local", "options ndots:5");
    }

    [NodeFact]
    public async Task Shared_memory_is_one_for_the_pod()
    {
        await using var pod = await Node.RunPodAsync();
        await pod.RunAsync("echo shared > /dev/shm/file");

        (await pod.RunAsync("cat /dev/shm/file; df -m /dev/shm | tail -n 1 | awk '{print $2}'")).Lines.Should().Equal("shared", "64");
    }

    [NodeFact]
    public async Task Kernel_settings_of_the_pods_namespaces_are_set()
    {
        await using var pod = await Node.RunPodAsync(config => config.Linux.Sysctls.Add(new Dictionary<string, string>
        {
            ["net.ipv4.ip_unprivileged_port_start"] = "80",
            ["net/ipv4/ip_local_port_range"] = "2000\t3000",
            ["kernel.shm_rmid_forced"] = "1",
            ["kernel.msgmax"] = "9000",
        }));

        (await pod.RunAsync("cd /proc/sys; cat net/ipv4/ip_unprivileged_port_start net/ipv4/ip_local_port_range kernel/shm_rmid_forced kernel/msgmax")).Lines
            .Should().Equal("80", "2000\t3000", "1", "9000");
        (await Node.Namespaces.RunAsync("cat /proc/sys/net/ipv4/ip_unprivileged_port_start")).Trim().Should().Be("1024");
    }

    [NodeTheory]
    [InlineData("kernel.panic", NamespaceMode.Pod)]
    [InlineData("vm.swappiness", NamespaceMode.Pod)]
    [InlineData("net.ipv4.ip_forward/../../../kernel/panic", NamespaceMode.Pod)]
    [InlineData("net.ipv4.ip_forward", NamespaceMode.Node)]
    public async Task Kernel_settings_of_the_node_are_refused_by_name(string name, NamespaceMode network)
    {
        var run = async () => await Node.RunPodAsync(config =>
        {
            config.Linux.SecurityContext.NamespaceOptions.Network = network;
            config.Linux.Sysctls[name] = "1";
        });

        var error = (await run.Should().ThrowAsync<RpcException>()).Which;
        error.StatusCode.Should().Be(StatusCode.InvalidArgument);
        error.Status.Detail.Should().Contain(name);
    }
}
