using Orlop.Testing.Images;
using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Contract;

/// <summary>The states of a container and what its status says; points 16 to 20 and 22 of the contract with the kubelet.</summary>
public sealed class ContainerLife(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    // Point 16.
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

    // Point 16: the kubelet's client refuses a status that lacks one of these.
    [NodeFact]
    public async Task A_status_has_what_the_client_of_the_kubelet_asks_for_in_every_state()
    {
        await using var pod = await Node.RunPodAsync();
        var created = await pod.CreateAsync("true");
        var running = await pod.StartAsync("sleep 1000");
        var exited = (await pod.RunAsync("exit 1")).Status;

        foreach (var status in (ContainerStatus[])[await created.StatusAsync(), await running.StatusAsync(), exited])
        {
            status.Metadata.Name.Should().NotBeEmpty();
            status.Image.Image.Should().NotBeEmpty();
            status.ImageRef.Should().NotBeEmpty();
            DateTimeOffset.FromUnixTimeMilliseconds(status.CreatedAt / 1_000_000).Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(2), "times are nanoseconds");
            (status.StartedAt > 0).Should().Be(status.State != ContainerState.ContainerCreated);
            (status.FinishedAt > 0).Should().Be(status.State == ContainerState.ContainerExited);
        }
    }

    // Point 16.
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

    // Point 16.
    [NodeFact]
    public async Task A_container_starts_once()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("exit 0");
        await container.WaitForExitAsync();

        await ((Func<Task>)container.StartAsync).Should().ThrowAsync<RpcException>();
    }

    // Point 17.
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

    // Point 17.
    [NodeFact]
    public async Task A_container_over_its_memory_limit_is_OOMKilled()
    {
        await using var pod = await Node.RunPodAsync();

        var finished = await pod.RunAsync("exec dd if=/dev/zero of=/dev/null bs=200M count=1", config => config.Linux.Resources.MemoryLimitInBytes = 32 << 20);

        (finished.Status.ExitCode, finished.Status.Reason).Should().Be((137, "OOMKilled"));
    }

    // Point 17.
    [NodeFact]
    public async Task A_container_that_its_seccomp_filter_kills_says_so()
    {
        var profile = Path.Combine(Node.Folder.Shared, "kill-mkdir.json");
        await File.WriteAllTextAsync(profile, """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_KILL_PROCESS"}]}""");
        await using var pod = await Node.RunPodAsync();

        var finished = await pod.RunAsync(
            "exec mkdir /x",
            config => config.Linux.SecurityContext.Seccomp = new() { ProfileType = SecurityProfile.Types.ProfileType.Localhost, LocalhostRef = profile });

        (finished.Status.ExitCode, finished.Status.Reason).Should().Be((159, "seccomp killed"));
    }

    // Point 17: its supervisor and its processes are killed behind our back.
    [NodeFact]
    public async Task A_container_whose_end_nobody_saw_is_Unknown()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        var cgroup = await Resources.ContainerCgroup.OfAsync(container);
        var process = CgroupTree.Processes(cgroup.Path("memory")).Single();
        var supervisor = int.Parse(File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..]);

        Libc.Kill(supervisor, Signals.Kill);

        var status = await container.WaitForExitAsync();
        (status.ExitCode, status.Reason).Should().Be((255, "Unknown"));
        status.FinishedAt.Should().BePositive();
        (await pod.StatusAsync()).State.Should().Be(PodSandboxState.SandboxNotready);
        await Eventually.PassesAsync(() => CgroupTree.Processes(cgroup.Path("memory")).Should().BeEmpty("no process of a lost pod lives on"));
    }

    // Points 17 and 18.
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

    // Point 19.
    [NodeFact]
    public async Task The_termination_message_is_read_through_the_mounts_of_the_status()
    {
        var file = Path.Combine(Node.Folder.Shared, "message");
        await File.WriteAllTextAsync(file, "");

        var finished = await RunAsync("echo farewell > /dev/termination-log", new Mount { HostPath = file, ContainerPath = "/dev/termination-log" });

        var mount = finished.Status.Mounts.Single(mount => mount.ContainerPath == "/dev/termination-log");
        (await File.ReadAllTextAsync(mount.HostPath)).Should().Be("farewell\n");
    }

    // Point 19: the kubelet looks for its own words.
    [NodeFact]
    public async Task The_mounts_of_the_status_are_written_as_in_the_request()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Node.Folder.Shared, "folder")).FullName;
        File.CreateSymbolicLink(folder + "-link", folder);
        await using var pod = await Node.RunPodAsync();

        var container = await pod.CreateAsync("true", config => config.Mounts.Add(
        [
            new Mount { HostPath = folder + "-link", ContainerPath = "/link/", Readonly = true },
            new Mount { HostPath = folder + "/../folder/", ContainerPath = "relative", Propagation = MountPropagation.PropagationHostToContainer },
        ]));

        (await container.StatusAsync()).Mounts.Should().Equal(container.Config.Mounts);
    }

    // Point 20: the kubelet counts restarts by the N.log files.
    [NodeFact]
    public async Task The_log_folder_holds_the_logs_and_nothing_else()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("echo ready; sleep 1000");
        await container.WaitForLogAsync("ready");
        await container.ExecAsync("echo exec");
        await Runtime.ReopenContainerLogAsync(new() { ContainerId = container.Id });
        var next = container.Config.Clone();
        next.Metadata.Attempt = 1;
        next.LogPath = next.LogPath.Replace("0.log", "1.log", StringComparison.Ordinal);
        await (await pod.CreateAsync(next)).StartAsync();
        await Node.CrashAndRestartAsync();
        await pod.StopAsync();
        await pod.RemoveAsync();

        Directory.EnumerateFileSystemEntries(pod.Config.LogDirectory).Should().Equal(Path.GetDirectoryName(container.LogPath));
        Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(container.LogPath)!).Select(Path.GetFileName).Should().BeEquivalentTo("0.log", "1.log");
    }

    // Point 22.
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

    private async Task<Finished> RunAsync(string script, params Mount[] mounts)
    {
        await using var pod = await Node.RunPodAsync();
        return await pod.RunAsync(script, config => config.Mounts.Add(mounts));
    }
}
