using Orlop.Testing.Images;

namespace Orlop.NodeTests.Containers;

public sealed class ContainerLife(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    [NodeFact]
    public async Task A_container_is_created_then_running_then_exited_then_gone()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.CreateAsync("sleep 1000");
        var created = await container.StatusAsync();
        created.State.Should().Be(ContainerState.ContainerCreated);
        created.CreatedAt.Should().BePositive();
        created.StartedAt.Should().Be(0);

        await container.StartAsync();
        var running = await container.StatusAsync();
        running.State.Should().Be(ContainerState.ContainerRunning);
        running.StartedAt.Should().BeGreaterThanOrEqualTo(created.CreatedAt);
        running.FinishedAt.Should().Be(0);

        await container.StopAsync(TimeSpan.Zero);
        var exited = await container.StatusAsync();
        exited.State.Should().Be(ContainerState.ContainerExited);
        exited.FinishedAt.Should().BeGreaterThanOrEqualTo(running.StartedAt);
        exited.CreatedAt.Should().Be(created.CreatedAt);

        await container.RemoveAsync();
        await Runtime.ContainerStatusAsync(new() { ContainerId = container.Id }).ShouldFailWithAsync(StatusCode.NotFound);
        await container.RemoveAsync();
    }

    [NodeFact]
    public async Task Status_echoes_what_the_container_was_created_with()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000", config =>
        {
            config.Metadata.Attempt = 3;
            config.Labels["label"] = "läbel";
            config.Annotations["io.kubernetes.container.hash"] = "1234";
            config.Mounts.Add(new Mount { HostPath = Node.Folder.Shared, ContainerPath = "/shared" });
        });

        var status = await container.StatusAsync();

        status.Id.Should().MatchRegex("^[0-9a-f]{64}$").And.Be(container.Id);
        status.Metadata.Should().Be(container.Config.Metadata);
        status.Labels.Should().Equal(container.Config.Labels);
        status.Annotations.Should().Equal(container.Config.Annotations);
        status.LogPath.Should().Be(container.LogPath);
        status.Mounts.Should().ContainSingle().Which.Should().Match<Mount>(mount => mount.HostPath == Node.Folder.Shared && mount.ContainerPath == "/shared");
        var image = Node.Image(TestImages.Busybox);
        status.Image.Image.Should().Be(image.Reference);
        status.ImageRef.Should().Be($"{image.Repository}@{image.Digest}");
        status.ImageId.Should().Be(await Node.PullAsync(image.Reference));
        status.User.Linux.Uid.Should().Be(0);
        var listed = (await Runtime.ListContainersAsync(new() { Filter = new() { Id = container.Id } })).Containers.Should().ContainSingle().Which;
        listed.PodSandboxId.Should().Be(pod.Id);
        listed.ImageId.Should().Be(status.ImageId);
        listed.Annotations.Should().Equal(status.Annotations);
    }

    [NodeTheory]
    [InlineData("exit 0", 0, "Completed")]
    [InlineData("exit 7", 7, "Error")]
    [InlineData("kill -TERM $$; sleep 5", 143, "Error")]
    [InlineData("kill -KILL $$; sleep 5", 137, "Error")]
    public async Task An_exit_has_its_code_and_reason(string script, int code, string reason)
    {
        await using var pod = await Node.RunPodAsync(config => config.Linux.SecurityContext.NamespaceOptions.Pid = NamespaceMode.Pod);

        var finished = await pod.RunAsync(script);

        (finished.Status.ExitCode, finished.Status.Reason).Should().Be((code, reason));
    }

    [NodeFact]
    public async Task A_container_over_its_memory_limit_is_OOMKilled()
    {
        await using var pod = await Node.RunPodAsync();

        var finished = await pod.RunAsync("exec dd if=/dev/zero of=/dev/null bs=200M count=1", config => config.Linux.Resources.MemoryLimitInBytes = 32 << 20);

        (finished.Status.ExitCode, finished.Status.Reason).Should().Be((137, "OOMKilled"));
    }

    [NodeFact]
    public async Task A_program_that_is_not_there_exits_with_StartError()
    {
        await using var pod = await Node.RunPodAsync();
        var config = pod.ContainerConfig("");
        config.Command.Clear();
        config.Command.Add("/bin/no-such-program");
        var container = await pod.CreateAsync(config);

        var error = await ((Func<Task>)container.StartAsync).Should().ThrowAsync<RpcException>();

        error.Which.Status.Detail.Should().Contain("/bin/no-such-program").And.Contain("no such file");
        var status = await container.StatusAsync();
        (status.State, status.ExitCode, status.Reason).Should().Be((ContainerState.ContainerExited, 128, "StartError"));
        status.Message.Should().Contain("/bin/no-such-program");
        status.FinishedAt.Should().BePositive();
        await container.RemoveAsync();
    }

    [NodeFact]
    public async Task A_container_starts_once()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("exit 0");
        await container.WaitForExitAsync();

        await ((Func<Task>)container.StartAsync).Should().ThrowAsync<RpcException>();
    }

    [NodeFact]
    public async Task Remove_kills_a_running_container_and_leaves_its_log()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("trap '' TERM; echo ready; sleep 1000");
        await container.WaitForLogAsync("ready");

        await container.RemoveAsync();

        File.Exists(container.LogPath).Should().BeTrue();
        (await Runtime.ListContainersAsync(new() { Filter = new() { Id = container.Id } })).Containers.Should().BeEmpty();
    }

    [NodeFact]
    public async Task A_container_that_was_never_started_can_be_stopped_and_removed()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.CreateAsync("true");

        await container.StopAsync(TimeSpan.FromSeconds(1));
        await container.RemoveAsync();
    }

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

    [NodeFact]
    public async Task Lists_filter_by_id_prefix_state_pod_and_labels()
    {
        await using var pod = await Node.RunPodAsync();
        var running = await pod.StartAsync("sleep 1000", config => config.Labels["kind"] = "long");
        var exited = await pod.StartAsync("true", config => config.Labels["kind"] = "short");
        await exited.WaitForExitAsync();

        (await ListAsync(new() { Id = running.Id[..12] })).Should().Equal(running.Id);
        (await ListAsync(new() { PodSandboxId = pod.Id })).Should().BeEquivalentTo([running.Id, exited.Id]);
        (await ListAsync(new() { PodSandboxId = pod.Id[..12], State = new() { State = ContainerState.ContainerExited } })).Should().Equal(exited.Id);
        (await ListAsync(new() { PodSandboxId = pod.Id, LabelSelector = { ["kind"] = "long" } })).Should().Equal(running.Id);
        (await ListAsync(new() { PodSandboxId = pod.Id, LabelSelector = { ["kind"] = "lon" } })).Should().BeEmpty();
        (await ListAsync(new() { PodSandboxId = "ffffffffffff" })).Should().BeEmpty();
        (await Runtime.ContainerStatusAsync(new() { ContainerId = running.Id[..12] })).Status.Id.Should().Be(running.Id);
    }

    [NodeFact]
    public async Task The_streamed_list_equals_the_list()
    {
        await using var pod = await Node.RunPodAsync();
        await pod.StartAsync("sleep 1000");
        await pod.CreateAsync("sleep 1000");
        using var stream = Runtime.StreamContainers(new StreamContainersRequest());
        var streamed = new List<Container>();
        await foreach (var part in stream.ResponseStream.ReadAllAsync())
        {
            streamed.AddRange(part.Containers);
        }

        streamed.Should().BeEquivalentTo((await Runtime.ListContainersAsync(new())).Containers).And.HaveCountGreaterThanOrEqualTo(2);
    }

    [NodeFact]
    public async Task The_image_may_be_given_by_its_id()
    {
        await using var pod = await Node.RunPodAsync();
        var image = Node.Image(TestImages.Busybox);
        var id = await Node.PullAsync(image.Reference);
        var config = pod.ContainerConfig("echo works");
        config.Image = new ImageSpec { Image = id, UserSpecifiedImage = image.Reference };
        Directory.CreateDirectory(Path.Combine(pod.Config.LogDirectory, config.Metadata.Name));
        var created = await Runtime.CreateContainerAsync(new() { PodSandboxId = pod.Id, Config = config, SandboxConfig = pod.Config });
        var container = new PodContainer(Node, pod, created.ContainerId, config);
        await container.StartAsync();

        var finished = await container.FinishAsync();

        finished.Output.Should().Be("works\n");
        finished.Status.ImageId.Should().Be(id);
        finished.Status.ImageRef.Should().NotBeEmpty();
    }

    [NodeFact]
    public async Task An_image_that_was_not_pulled_is_refused_by_name()
    {
        await using var pod = await Node.RunPodAsync();
        var config = pod.ContainerConfig("true");
        config.Image.Image = "localhost:5000/orlop/never-pulled:1";

        var create = async () => await Runtime.CreateContainerAsync(new() { PodSandboxId = pod.Id, Config = config, SandboxConfig = pod.Config });

        (await create.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("localhost:5000/orlop/never-pulled:1");
    }

    private async Task<IEnumerable<string>> ListAsync(ContainerFilter filter) =>
        (await Runtime.ListContainersAsync(new() { Filter = filter })).Containers.Select(container => container.Id);
}
