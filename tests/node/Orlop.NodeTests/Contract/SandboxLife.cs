using System.Net;

namespace Orlop.NodeTests.Contract;

/// <summary>The life of a pod sandbox; points 9 to 15, 33 and 44 of the contract with the kubelet.</summary>
public sealed class SandboxLife(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    // Points 9 and 44: a stopped sandbox stays until it is removed.
    [NodeFact]
    public async Task A_pod_is_ready_then_not_ready_then_gone()
    {
        await using var pod = await Node.RunPodAsync();
        var ready = await pod.StatusAsync();
        ready.State.Should().Be(PodSandboxState.SandboxReady);
        ready.Network.Ip.Should().NotBeEmpty();

        await pod.StopAsync();
        (await pod.StatusAsync()).State.Should().Be(PodSandboxState.SandboxNotready);
        (await ListAsync(new() { Id = pod.Id })).Should().ContainSingle().Which.State.Should().Be(PodSandboxState.SandboxNotready);

        await pod.RemoveAsync();
        await Runtime.PodSandboxStatusAsync(new() { PodSandboxId = pod.Id }).ShouldFailWithAsync(StatusCode.NotFound);
        (await ListAsync(new() { Id = pod.Id })).Should().BeEmpty();
    }

    // Point 9.
    [NodeFact]
    public async Task Stop_ends_running_containers_but_keeps_their_status()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        await pod.StopAsync();

        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerExited);
    }

    // Point 10.
    [NodeFact]
    public async Task Creation_times_are_nanoseconds_and_grow_with_each_attempt()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeMilliseconds() * 1_000_000;
        var config = Node.PodConfig();
        await using var first = await Node.RunPodAsync(config);
        await first.StopAsync();
        var again = config.Clone();
        again.Metadata.Attempt = 1;
        await using var second = await Node.RunPodAsync(again);

        (await first.StatusAsync()).CreatedAt.Should().BeGreaterThan(before);
        (await second.StatusAsync()).CreatedAt.Should().BeGreaterThan((await first.StatusAsync()).CreatedAt);
    }

    // Point 10: the kubelet takes the newest sandbox of a pod, also after we were restarted.
    [NodeFact]
    public async Task Creation_times_grow_over_a_restart_and_do_not_change_by_it()
    {
        var config = Node.PodConfig();
        await using var first = await Node.RunPodAsync(config);
        var before = await first.StatusAsync();
        await Node.CrashAndRestartAsync();
        (await first.StatusAsync()).Should().Be(before);
        await first.StopAsync();
        config = config.Clone();
        config.Metadata.Attempt = 1;

        await using var second = await Node.RunPodAsync(config);

        (await second.StatusAsync()).CreatedAt.Should().BeGreaterThan(before.CreatedAt);
        (await Runtime.ListPodSandboxAsync(new())).Items.OrderByDescending(sandbox => sandbox.CreatedAt).First().Id.Should().Be(second.Id);
    }

    // Point 10: a pod without an address, or with other namespaces than it asked for, is made anew.
    [NodeTheory]
    [InlineData(NamespaceMode.Pod, NamespaceMode.Pod, NamespaceMode.Pod)]
    [InlineData(NamespaceMode.Pod, NamespaceMode.Container, NamespaceMode.Node)]
    [InlineData(NamespaceMode.Node, NamespaceMode.Node, NamespaceMode.Node)]
    public async Task The_namespaces_are_those_of_the_request_and_a_pod_of_its_own_network_has_an_address(NamespaceMode network, NamespaceMode pid, NamespaceMode ipc)
    {
        await using var pod = await Node.RunPodAsync(config => config.Linux.SecurityContext.NamespaceOptions = new() { Network = network, Pid = pid, Ipc = ipc });

        var status = await pod.StatusAsync();

        status.Linux.Namespaces.Options.Should().Be(new NamespaceOption { Network = network, Pid = pid, Ipc = ipc });
        string.IsNullOrEmpty(status.Network?.Ip).Should().Be(network == NamespaceMode.Node);
    }

    // Point 11: addresses, cgroups, names and host ports of two attempts do not meet, in either order of their ends.
    [NodeFact]
    public async Task The_next_attempt_keeps_what_is_its_own_when_the_old_one_is_removed()
    {
        const string serve = "echo served > /tmp/index.html; httpd -p 80 -h /tmp; echo ready; sleep 1000";
        var config = Node.PodConfig();
        config.PortMappings.Add(new PortMapping { ContainerPort = 80, HostPort = 18080 });
        await using var first = await Node.RunPodAsync(config);
        await first.StartAsync("sleep 1000");
        await first.StopAsync();
        var again = config.Clone();
        again.Metadata.Attempt = 1;
        await using var second = await Node.RunPodAsync(again);
        var container = await second.StartAsync(serve);
        await container.WaitForLogAsync("ready");

        await Runtime.RemovePodSandboxAsync(new() { PodSandboxId = first.Id });

        second.Id.Should().NotBe(first.Id);
        (await second.StatusAsync()).State.Should().Be(PodSandboxState.SandboxReady);
        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);
        using var http = Node.Namespaces.CreateHttpClient("http://127.0.0.1:18080");
        (await http.GetStringAsync(new Uri("/", UriKind.Relative))).Should().Be("served\n");
        File.Exists(Path.Combine(Node.Folder.Leases, "orlop", await second.AddressAsync())).Should().BeTrue();
    }

    // Point 12.
    [NodeFact]
    public async Task Remove_ends_running_containers_itself()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("trap '' TERM; sleep 1000");

        await pod.RemoveAsync();

        await Runtime.ContainerStatusAsync(new() { ContainerId = container.Id }).ShouldFailWithAsync(StatusCode.NotFound);
    }

    // Point 13.
    [NodeFact]
    public async Task A_plugin_that_fails_leaves_no_pod_and_its_words()
    {
        await using var bare = await Node.StartAsync(new NodeOptions { Network = false });
        await File.WriteAllTextAsync(
            Path.Combine(bare.Folder.NetworkConfigurations, "10-broken.conflist"),
            """{ "cniVersion": "1.0.0", "name": "broken", "plugins": [ { "type": "bridge", "bridge": "cni0", "ipam": { "type": "host-local", "ranges": [[{ "subnet": "10.99.0.0/33" }]] } } ] }""");
        await Eventually.PassesAsync(async () => (await NetworkConditionAsync(bare)).Status.Should().BeTrue());

        var run = async () => await bare.RunPodAsync();

        (await run.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("bridge").And.Contain("10.99.0.0/33");
        (await bare.Cri.Runtime.ListPodSandboxAsync(new())).Items.Should().OnlyContain(sandbox => sandbox.State == PodSandboxState.SandboxNotready);
        File.Delete(Path.Combine(bare.Folder.NetworkConfigurations, "10-broken.conflist"));
    }

    // Point 13.
    [NodeFact]
    public async Task An_unknown_handler_is_refused_by_name_and_leaves_nothing()
    {
        var config = Node.PodConfig();

        var run = async () => await Runtime.RunPodSandboxAsync(new() { Config = config, RuntimeHandler = "no-such-handler" });

        (await run.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("no-such-handler").And.Contain("default");
        (await ListAsync(new() { LabelSelector = { ["io.kubernetes.pod.uid"] = config.Metadata.Uid } })).Should().BeEmpty();
    }

    // Point 14.
    [NodeFact]
    public async Task Status_echoes_what_the_pod_was_run_with()
    {
        await using var pod = await Node.RunPodAsync(config =>
        {
            config.Labels["app.kubernetes.io/name"] = "ünïcode";
            config.Annotations["note"] = "two\nlines, \"quotes\" and ß";
            config.Linux.SecurityContext.NamespaceOptions.Pid = NamespaceMode.Pod;
        });

        var status = await pod.StatusAsync();

        status.Id.Should().MatchRegex("^[0-9a-f]{64}$").And.Be(pod.Id);
        status.Metadata.Should().Be(pod.Config.Metadata);
        status.Labels.Should().Equal(pod.Config.Labels);
        status.Annotations.Should().Equal(pod.Config.Annotations);
        status.Linux.Namespaces.Options.Should().Be(pod.Config.Linux.SecurityContext.NamespaceOptions);
        status.RuntimeHandler.Should().BeEmpty();
        var listed = (await ListAsync(new() { Id = pod.Id })).Single();
        listed.Annotations.Should().Equal(pod.Config.Annotations);
        listed.CreatedAt.Should().Be(status.CreatedAt);
    }

    // Point 14.
    [NodeFact]
    public async Task A_handler_chosen_by_name_is_echoed()
    {
        await using var pod = await Node.RunPodAsync(Node.PodConfig(), handler: "default");

        (await pod.StatusAsync()).RuntimeHandler.Should().Be("default");
    }

    // Point 15.
    [NodeFact]
    public async Task A_stopped_pod_takes_no_new_container_and_starts_none()
    {
        await using var pod = await Node.RunPodAsync();
        var created = await pod.CreateAsync("true");
        await pod.StopAsync();

        var create = async () => await pod.CreateAsync("true");
        await create.ShouldFailWithAsync(StatusCode.FailedPrecondition);
        await ((Func<Task>)created.StartAsync).ShouldFailWithAsync(StatusCode.FailedPrecondition);

        (await Runtime.ListContainersAsync(new() { Filter = new() { PodSandboxId = pod.Id } })).Containers.Should().ContainSingle();
    }

    // Point 33.
    [NodeFact]
    public async Task The_status_of_a_pod_holds_those_of_its_containers_and_the_time_of_the_look()
    {
        await using var pod = await Node.RunPodAsync();
        var running = await pod.StartAsync("sleep 1000");
        var exited = await pod.RunAsync("exit 3");
        var created = await pod.CreateAsync("true");

        var answer = await Runtime.PodSandboxStatusAsync(new() { PodSandboxId = pod.Id });

        answer.ContainersStatuses.Should().BeEquivalentTo([await running.StatusAsync(), exited.Status, await created.StatusAsync()]);
        answer.Timestamp.Should().BeGreaterThan(answer.ContainersStatuses.Max(container => Math.Max(container.CreatedAt, container.FinishedAt)));
        (await Runtime.PodSandboxStatusAsync(new() { PodSandboxId = pod.Id })).Timestamp.Should().BeGreaterThan(answer.Timestamp);
    }

    private async Task<IReadOnlyList<PodSandbox>> ListAsync(PodSandboxFilter filter) => (await Runtime.ListPodSandboxAsync(new() { Filter = filter })).Items;

    private static async Task<RuntimeCondition> NetworkConditionAsync(Node node) =>
        (await node.Cri.Runtime.StatusAsync(new())).Status.Conditions.Single(condition => condition.Type == "NetworkReady");
}
