using Orlop.Testing.Machines;

namespace Orlop.NodeTests.BadInput;

/// <summary>
/// Paths of the node on a file system that never answers. The call that needs one fails at its deadline with the path's
/// name; nothing else of the node is held up, and nothing is left once an operator has ended the file system (R2).
/// </summary>
public sealed class HungPaths() : OwnNodeTest(new NodeOptions { PluginSettings = { ["linux-native"] = "host_path_timeout = 3" } })
{
    [NodeFact]
    public async Task A_volume_that_hangs_fails_its_container_by_name_and_holds_nobody_else_up()
    {
        await using var hung = await HungFileSystem.MountAsync(Node);
        await using var pod = await Node.RunPodAsync();
        var path = Path.Combine(hung.Path, "volume");
        var config = pod.ContainerConfig("sleep 1000", "hanging");
        config.Mounts.Add(new Mount { HostPath = path, ContainerPath = "/volume" });

        var creating = pod.CreateAsync(config);
        await using (var other = await Node.RunPodAsync())
        {
            (await other.RunAsync("echo meanwhile")).Output.Should().Be("meanwhile\n");
        }

        var error = (await ((Func<Task>)(async () => await creating)).Should().ThrowAsync<RpcException>()).Which;
        error.StatusCode.Should().Be(StatusCode.DeadlineExceeded);
        error.Status.Detail.Should().Contain(path).And.Contain("hangs");
        var again = (await ((Func<Task>)(async () => await pod.CreateAsync(config))).Should().ThrowAsync<RpcException>()).Which;
        again.Status.Detail.Should().Contain(path).And.Contain("still hangs", "nobody gains from one more that waits");
        (await Node.Cri.Runtime.ListContainersAsync(new() { Filter = new() { PodSandboxId = pod.Id } })).Containers.Should().BeEmpty();

        await hung.AbortAsync();
        Directory.CreateDirectory(path);
        await Eventually.PassesAsync(async () =>
        {
            var container = await pod.CreateAsync(config);
            await container.StartAsync();
        });
    }

    [NodeFact]
    public async Task A_device_and_a_log_folder_that_hang_are_named_too()
    {
        await using var hung = await HungFileSystem.MountAsync(Node);
        await using var pod = await Node.RunPodAsync();
        var device = pod.ContainerConfig("true");
        device.Devices.Add(new Device { HostPath = Path.Combine(hung.Path, "device"), ContainerPath = "/dev/device", Permissions = "r" });

        var error = (await ((Func<Task>)(async () => await pod.CreateAsync(device))).Should().ThrowAsync<RpcException>()).Which;

        (error.StatusCode, error.Status.Detail.Contains(device.Devices[0].HostPath, StringComparison.Ordinal)).Should().Be((StatusCode.DeadlineExceeded, true));

        var logs = Node.PodConfig();
        logs.LogDirectory = Path.Combine(hung.Path, "logs");
        await using var logless = await Node.RunPodAsync(logs);
        var container = logless.ContainerConfig("true");
        await Node.PullAsync(container.Image.Image);
        error = await Node.Cri.Runtime.CreateContainerAsync(new() { PodSandboxId = logless.Id, Config = container, SandboxConfig = logs })
            .ShouldFailWithAsync(StatusCode.DeadlineExceeded);
        error.Status.Detail.Should().Contain(logs.LogDirectory);
    }

    [NodeFact]
    public async Task An_exec_of_a_program_on_it_ends_by_its_timeout_and_others_are_served()
    {
        await using var hung = await HungFileSystem.MountAsync(Node);
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("echo ready; sleep 1000", config => config.Mounts.Add(new Mount
        {
            HostPath = Node.Folder.Shared,
            ContainerPath = "/shared",
            Propagation = MountPropagation.PropagationHostToContainer,
        }));
        await container.WaitForLogAsync("ready");

        var program = hung.Path.Replace(Node.Folder.Shared, "/shared", StringComparison.Ordinal) + "/program";
        try
        {
            var hanging = Node.Cri.Runtime.ExecSyncAsync(new() { ContainerId = container.Id, Cmd = { program }, Timeout = 3 }).ShouldFailWithAsync(StatusCode.DeadlineExceeded);
            await using (var other = await Node.RunPodAsync())
            {
                (await other.RunAsync("echo meanwhile")).Output.Should().Be("meanwhile\n");
            }

            (await container.ReadAsync("echo here too")).Should().Be("here too");
            (await hanging).Status.Detail.Should().Contain(program);
        }
        finally
        {
            await hung.AbortAsync();
        }

        (await container.ReadAsync("echo afterwards")).Should().Be("afterwards");
    }

    [NodeFact]
    public async Task A_daemon_that_is_killed_while_paths_hang_starts_again_at_once()
    {
        await using var hung = await HungFileSystem.MountAsync(Node);
        await using var pod = await Node.RunPodAsync();
        var running = await pod.StartAsync("echo ready; sleep 1000");
        var config = pod.ContainerConfig("sleep 1000", "hanging");
        config.Mounts.Add(new Mount { HostPath = hung.Path, ContainerPath = "/volume" });
        var create = async () => await pod.CreateAsync(config);
        await create.Should().ThrowAsync<RpcException>();

        await Node.CrashAndRestartAsync();

        (await running.ReadAsync("echo still here")).Should().Be("still here");
        config.Mounts.Clear();
        await (await pod.CreateAsync(config)).StartAsync();
        await hung.AbortAsync();
    }
}
