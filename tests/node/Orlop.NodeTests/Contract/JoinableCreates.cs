using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Contract;

/// <summary>Names, retries and changed requests of RunPodSandbox and CreateContainer; points 4 and 5 of the contract with the kubelet.</summary>
public sealed class JoinableCreates(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    // Point 4.
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

    // Point 4.
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
        (await ListAsync(config)).Should().ContainSingle();
    }

    // Point 4.
    [NodeFact]
    public async Task A_name_in_use_gives_the_same_container_to_the_same_request()
    {
        await using var pod = await Node.RunPodAsync();
        var config = pod.ContainerConfig("sleep 1000");
        await Node.PullAsync(config.Image.Image);
        Directory.CreateDirectory(Path.Combine(pod.Config.LogDirectory, config.Metadata.Name));
        var request = new CreateContainerRequest { PodSandboxId = pod.Id, Config = config, SandboxConfig = pod.Config };

        var created = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ => (await Runtime.CreateContainerAsync(request)).ContainerId));

        created.Distinct().Should().ContainSingle();
        var next = request.Clone();
        next.Config.Metadata.Attempt = 1;
        (await Runtime.CreateContainerAsync(next)).ContainerId.Should().NotBe(created[0]);
    }

    // Point 4: Go sends maps in an order of its own each time, and the kubelet makes a new termination message file for each try.
    [NodeFact]
    public async Task A_retry_is_the_same_request_although_maps_are_shuffled()
    {
        var config = Node.PodConfig();
        config.Labels.Add(new Dictionary<string, string> { ["one"] = "1", ["two"] = "2" });
        await using var pod = await Node.RunPodAsync(config);
        var shuffled = config.Clone();
        shuffled.Labels.Clear();
        foreach (var (key, value) in config.Labels.Reverse())
        {
            shuffled.Labels[key] = value;
        }

        (await Runtime.RunPodSandboxAsync(new() { Config = shuffled })).PodSandboxId.Should().Be(pod.Id);

        var container = await pod.CreateAsync("true", created => WithTerminationMessage(created, "first"));
        var retry = container.Config.Clone();
        retry.Mounts.Clear();
        WithTerminationMessage(retry, "second");
        (retry.Envs[0], retry.Envs[1]) = (retry.Envs[1], retry.Envs[0]);
        (await Runtime.CreateContainerAsync(new() { PodSandboxId = pod.Id, Config = retry, SandboxConfig = config })).ContainerId.Should().Be(container.Id);

        void WithTerminationMessage(ContainerConfig of, string name)
        {
            var file = Path.Combine(Node.Folder.Shared, name);
            File.WriteAllText(file, "");
            of.Annotations["io.kubernetes.container.terminationMessagePath"] = "/dev/termination-log";
            of.Mounts.Add(new Mount { HostPath = file, ContainerPath = "/dev/termination-log" });
            if (of.Envs.Count == 0)
            {
                of.Envs.Add([Variable("A"), Variable("B")]);
            }
        }
    }

    // Point 4: who went away did not learn the id, so nobody but a retry can want the pod.
    [NodeFact]
    public async Task A_pod_whose_caller_went_away_is_seen_by_nobody_until_its_retry()
    {
        var config = await LeavePodAsync();

        await using var pod = await Node.RunPodAsync(config);

        (await ListAsync(config)).Should().ContainSingle().Which.Id.Should().Be(pod.Id);
        Leases().Should().Be(2, "it has one address of each family: the pod was made once");
        (await pod.RunAsync("echo works")).Output.Should().Be("works\n");
    }

    // Point 4.
    [NodeFact]
    public async Task A_changed_request_takes_the_place_of_a_pod_that_nobody_took()
    {
        var config = await LeavePodAsync();
        var changed = config.Clone();
        changed.Hostname = "changed";

        await using var pod = await Node.RunPodAsync(changed);

        (await pod.RunAsync("hostname")).Output.Should().Be("changed\n");
        (await ListAsync(config)).Should().ContainSingle();
        Leases().Should().Be(2, "nothing is left of the first one");
    }

    // Point 4: a create takes so little time that not every call can be left in its middle.
    [NodeFact]
    public async Task A_container_whose_caller_went_away_is_seen_by_nobody_until_its_retry()
    {
        await using var pod = await Node.RunPodAsync();
        for (var left = 0; left < 3;)
        {
            var config = pod.ContainerConfig("echo works");
            await Node.PullAsync(config.Image.Image);
            Directory.CreateDirectory(Path.Combine(pod.Config.LogDirectory, config.Metadata.Name));
            var request = new CreateContainerRequest { PodSandboxId = pod.Id, Config = config, SandboxConfig = pod.Config };
            if (await CallAndLeaveAsync(token => Runtime.CreateContainerAsync(request, cancellationToken: token), () => Children(pod) > 0))
            {
                await Eventually.PassesAsync(() => Children(pod).Should().Be(1));
                left += await ListContainersAsync(pod) is [] ? 1 : 0; // the answer may have been under way when the call was left
            }

            var container = await pod.CreateAsync(config);

            (await ListContainersAsync(pod)).Should().ContainSingle().Which.Id.Should().Be(container.Id);
            Children(pod).Should().Be(1, "it was made once");
            await container.StartAsync();
            (await container.FinishAsync()).Output.Should().Be("works\n");
            await container.RemoveAsync();
        }
    }

    // Point 5.
    [NodeFact]
    public async Task The_name_of_a_pod_is_its_own_until_it_is_removed()
    {
        var config = Node.PodConfig();
        await using var pod = await Node.RunPodAsync(config);
        var changed = config.Clone();
        changed.Hostname = "changed";

        (await TakenAsync(changed)).Should().Contain(pod.Id);
        await pod.StopAsync();
        (await TakenAsync(config)).Should().Contain(pod.Id, "a stop does not give the name back");
        await RunBesideAsync(other => other.Metadata.Name += "-other");
        await RunBesideAsync(other => other.Metadata.Namespace = "other");
        await RunBesideAsync(other => other.Metadata.Uid = Guid.NewGuid().ToString());
        await RunBesideAsync(other => other.Metadata.Attempt = 1);
        await pod.RemoveAsync();
        await using var again = await Node.RunPodAsync(config);

        again.Id.Should().NotBe(pod.Id);

        async Task<string> TakenAsync(PodSandboxConfig wanted) =>
            (await Runtime.RunPodSandboxAsync(new() { Config = wanted }).ShouldFailWithAsync(StatusCode.AlreadyExists)).Status.Detail;

        async Task RunBesideAsync(Action<PodSandboxConfig> change)
        {
            var other = config.Clone();
            change(other);
            await using var beside = await Node.RunPodAsync(other);
            beside.Id.Should().NotBe(pod.Id);
        }
    }

    // Point 5.
    [NodeFact]
    public async Task The_name_of_a_container_is_its_own_until_it_is_removed()
    {
        await using var pod = await Node.RunPodAsync();
        await using var otherPod = await Node.RunPodAsync();
        var container = await pod.StartAsync("true");
        await container.WaitForExitAsync();

        var again = async () => await pod.CreateAsync(container.Config);
        (await again.ShouldFailWithAsync(StatusCode.AlreadyExists)).Status.Detail.Should().Contain(container.Id);
        var next = container.Config.Clone();
        next.Metadata.Attempt = 1;
        (await pod.CreateAsync(next)).Id.Should().NotBe(container.Id);
        (await otherPod.CreateAsync(container.Config)).Id.Should().NotBe(container.Id);
        await container.RemoveAsync();

        (await pod.CreateAsync(container.Config)).Id.Should().NotBe(container.Id);
    }

    /// <summary>Makes a call and cancels it when the work has surely begun.</summary>
    /// <returns>Whether it was left in its middle.</returns>
    private static async Task<bool> CallAndLeaveAsync<T>(Func<CancellationToken, AsyncUnaryCall<T>> call, Func<bool> hasBegun)
    {
        using var leaving = new CancellationTokenSource();
        var answer = call(leaving.Token).ResponseAsync;
        while (!hasBegun() && !answer.IsCompleted)
        {
            await Task.Yield();
        }

        await leaving.CancelAsync();
        try
        {
            await answer;
            return false;
        }
        catch (RpcException exception)
        {
            exception.StatusCode.Should().Be(StatusCode.Cancelled);
            return true;
        }
    }

    /// <summary>A pod that was asked for by a caller who went away, and that nobody sees.</summary>
    private async Task<PodSandboxConfig> LeavePodAsync()
    {
        while (true)
        {
            var config = Node.PodConfig();
            CgroupTree.Create(config.Linux.CgroupParent);
            if (await CallAndLeaveAsync(token => Runtime.RunPodSandboxAsync(new() { Config = config }, cancellationToken: token), () => Leases() > 0)
                && await ListAsync(config) is [])
            {
                return config;
            }

            await using var answered = await Node.RunPodAsync(config); // its answer was under way already
        }
    }

    private static KeyValue Variable(string name) => new() { Key = name, Value = Google.Protobuf.ByteString.CopyFromUtf8("value") };

    /// <summary>Addresses that are given out now.</summary>
    private int Leases() => Directory.EnumerateFiles(Node.Folder.Leases, "*", SearchOption.AllDirectories).Count(file => char.IsAsciiHexDigit(Path.GetFileName(file)[0]));

    private static int Children(Pod pod) =>
        Directory.Exists(CgroupTree.For("memory").Folder(pod.Config.Linux.CgroupParent)) ? Directory.GetDirectories(CgroupTree.For("memory").Folder(pod.Config.Linux.CgroupParent)).Length : 0;

    private async Task<IReadOnlyList<Container>> ListContainersAsync(Pod pod) =>
        (await Runtime.ListContainersAsync(new() { Filter = new() { PodSandboxId = pod.Id } })).Containers;

    private async Task<IReadOnlyList<PodSandbox>> ListAsync(PodSandboxConfig config) =>
        (await Runtime.ListPodSandboxAsync(new() { Filter = new() { LabelSelector = { ["io.kubernetes.pod.uid"] = config.Metadata.Uid } } })).Items;
}
