namespace Orlop.NodeTests.Pods;

public sealed class PodLife(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

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

    [NodeFact]
    public async Task The_next_attempt_runs_beside_the_stopped_one()
    {
        var config = Node.PodConfig();
        config.PortMappings.Add(new PortMapping { ContainerPort = 80, HostPort = 18080 });
        await using var first = await Node.RunPodAsync(config);
        await first.StopAsync();

        var again = config.Clone();
        again.Metadata.Attempt = 1;
        await using var second = await Node.RunPodAsync(again);

        second.Id.Should().NotBe(first.Id);
        (await second.StatusAsync()).State.Should().Be(PodSandboxState.SandboxReady);
        await first.RemoveAsync();
        (await second.RunAsync("echo works")).Output.Should().Be("works\n");
    }

    [NodeFact]
    public async Task Stop_and_remove_may_be_repeated()
    {
        await using var pod = await Node.RunPodAsync();
        await Task.WhenAll(pod.StopAsync(), pod.StopAsync());
        await pod.StopAsync();
        await Task.WhenAll(pod.RemoveAsync(), pod.RemoveAsync());
        await pod.RemoveAsync();
    }

    [NodeFact]
    public async Task Remove_ends_running_containers_itself()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("trap '' TERM; sleep 1000");

        await pod.RemoveAsync();

        await Runtime.ContainerStatusAsync(new() { ContainerId = container.Id }).ShouldFailWithAsync(StatusCode.NotFound);
    }

    [NodeFact]
    public async Task Stop_ends_running_containers_but_keeps_their_status()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");

        await pod.StopAsync();

        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerExited);
    }

    [NodeFact]
    public async Task A_stopped_pod_takes_no_new_container()
    {
        await using var pod = await Node.RunPodAsync();
        await pod.StopAsync();

        var create = async () => await pod.CreateAsync("true");

        await create.Should().ThrowAsync<RpcException>();
    }

    [NodeFact]
    public async Task Two_equal_requests_at_once_get_the_same_pod()
    {
        var config = Node.PodConfig();
        Orlop.Testing.Machines.CgroupTree.Create(config.Linux.CgroupParent);

        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ => (await Runtime.RunPodSandboxAsync(new() { Config = config })).PodSandboxId));

        runs.Distinct().Should().ContainSingle();
        await using var pod = await Node.RunPodAsync(config);
        pod.Id.Should().Be(runs[0], "the name belongs to the pod until it is removed, and the request is the same");
    }

    [NodeFact]
    public async Task A_retry_after_the_caller_gave_up_gets_the_pod()
    {
        var config = Node.PodConfig();
        Orlop.Testing.Machines.CgroupTree.Create(config.Linux.CgroupParent);
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(10));
        try
        {
            await Runtime.RunPodSandboxAsync(new() { Config = config }, cancellationToken: impatience.Token);
        }
        catch (RpcException exception)
        {
            exception.StatusCode.Should().Be(StatusCode.Cancelled);
        }

        await using var pod = await Node.RunPodAsync(config);

        (await pod.StatusAsync()).State.Should().Be(PodSandboxState.SandboxReady);
        (await ListAsync(new() { LabelSelector = { ["io.kubernetes.pod.uid"] = config.Metadata.Uid } })).Should().ContainSingle();
    }

    [NodeFact]
    public async Task An_unknown_handler_is_refused_by_name_and_leaves_nothing()
    {
        var config = Node.PodConfig();

        var run = async () => await Runtime.RunPodSandboxAsync(new() { Config = config, RuntimeHandler = "no-such-handler" });

        (await run.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("no-such-handler").And.Contain("default");
        (await ListAsync(new() { LabelSelector = { ["io.kubernetes.pod.uid"] = config.Metadata.Uid } })).Should().BeEmpty();
    }

    [NodeFact]
    public async Task A_handler_chosen_by_name_is_echoed()
    {
        await using var pod = await Node.RunPodAsync(Node.PodConfig(), handler: "default");

        (await pod.StatusAsync()).RuntimeHandler.Should().Be("default");
    }

    [NodeFact]
    public async Task A_pod_without_a_cgroup_parent_runs_too()
    {
        await using var pod = await Node.RunPodAsync(config => config.Linux.CgroupParent = "");

        (await pod.RunAsync("echo works")).Output.Should().Be("works\n");
    }

    [NodeFact]
    public async Task Lists_filter_by_id_prefix_state_and_all_labels()
    {
        await using var ready = await Node.RunPodAsync(config => config.Labels.Add(new Dictionary<string, string> { ["set"] = "filter", ["one"] = "1" }));
        await using var stopped = await Node.RunPodAsync(config => config.Labels.Add("set", "filter"));
        await stopped.StopAsync();

        (await ListAsync(new() { Id = ready.Id[..13] })).Should().ContainSingle().Which.Id.Should().Be(ready.Id);
        (await ListAsync(new() { Id = "ffffffffffffffffffffffff" })).Should().BeEmpty();
        (await ListAsync(new() { LabelSelector = { ["set"] = "filter" } })).Should().HaveCount(2);
        (await ListAsync(new() { LabelSelector = { ["set"] = "filter", ["one"] = "1" } })).Should().ContainSingle().Which.Id.Should().Be(ready.Id);
        (await ListAsync(new() { State = new() { State = PodSandboxState.SandboxNotready }, LabelSelector = { ["set"] = "filter" } }))
            .Should().ContainSingle().Which.Id.Should().Be(stopped.Id);
        (await ListAsync(new() { Id = ready.Id, State = new() { State = PodSandboxState.SandboxNotready } })).Should().BeEmpty("filters are joined by AND");
        (await Runtime.PodSandboxStatusAsync(new() { PodSandboxId = ready.Id[..13] })).Status.Id.Should().Be(ready.Id);
    }

    [NodeFact]
    public async Task The_streamed_list_equals_the_list()
    {
        await using var one = await Node.RunPodAsync();
        await using var two = await Node.RunPodAsync();
        using var stream = Runtime.StreamPodSandboxes(new StreamPodSandboxesRequest());
        var streamed = new List<PodSandbox>();
        await foreach (var part in stream.ResponseStream.ReadAllAsync())
        {
            streamed.AddRange(part.PodSandboxes);
        }

        streamed.Should().BeEquivalentTo((await Runtime.ListPodSandboxAsync(new())).Items).And.HaveCountGreaterThanOrEqualTo(2);
    }

    [NodeFact]
    public async Task Verbose_status_shows_the_phases_of_the_start()
    {
        await using var pod = await Node.RunPodAsync();

        var status = await Runtime.PodSandboxStatusAsync(new() { PodSandboxId = pod.Id, Verbose = true });

        using var traces = System.Text.Json.JsonDocument.Parse(status.Info["trace"]);
        var phases = traces.RootElement[0].GetProperty("phases").EnumerateArray().Select(phase => phase.GetProperty("name").GetString());
        phases.Should().Contain(["sandbox", "network"]);
    }

    private async Task<IReadOnlyList<PodSandbox>> ListAsync(PodSandboxFilter filter) => (await Runtime.ListPodSandboxAsync(new() { Filter = filter })).Items;
}
