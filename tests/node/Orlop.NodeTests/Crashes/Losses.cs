using Orlop.Testing.Images;
using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Crashes;

/// <summary>What a reboot, or somebody's hand, takes away while orlopd is not looking.</summary>
public sealed class Losses(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task After_a_reboot_old_pods_are_not_ready_their_addresses_free_and_they_can_be_removed()
    {
        await using var pod = await Node.RunPodAsync();
        var running = await pod.StartAsync("sleep 1000");
        var created = await pod.CreateAsync("echo never");
        var ended = await pod.RunAsync("exit 5");
        var address = await pod.AddressAsync();
        await Node.Daemon.KillAsync();
        await RebootAsync(pod);

        await Node.StartDaemonAsync();

        var status = await pod.StatusAsync();
        status.State.Should().Be(PodSandboxState.SandboxNotready);
        foreach (var container in (PodContainer[])[running, created])
        {
            var end = await container.StatusAsync();
            (end.State, end.ExitCode, end.Reason).Should().Be((ContainerState.ContainerExited, 255, "Unknown"));
        }

        (await Node.Cri.Runtime.ContainerStatusAsync(new() { ContainerId = ended.Status.Id })).Status.ExitCode.Should().Be(5, "that was on record");
        await Eventually.PassesAsync(() => File.Exists(LeaseOf(address)).Should().BeFalse("nobody can use the address of a pod that is gone"));
        await using (var next = await Node.RunPodAsync()) (await next.RunAsync("echo runs")).Output.Should().Be("runs\n");
        await pod.StopAsync();
        await pod.RemoveAsync();
    }

    [NodeFact]
    public async Task A_network_namespace_whose_pin_is_gone_is_pinned_again_and_the_pod_goes_on()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        var address = await pod.AddressAsync();
        await Node.Daemon.KillAsync();
        await Node.Namespaces.RunAsync($"umount {SupervisorProcess.PinOf(pod)}; rm {SupervisorProcess.PinOf(pod)}");

        await Node.StartDaemonAsync();

        await Eventually.PassesAsync(() => Node.Namespaces.RunAsync($"nsenter --net={SupervisorProcess.PinOf(pod)} ip address | grep {address}/"));
        (await container.ReadAsync("ip address")).Should().Contain(address);
        (await pod.RunAsync("ip address")).Output.Should().Contain(address);
        (await pod.StatusAsync()).State.Should().Be(PodSandboxState.SandboxReady);
        await pod.StopAsync();
        File.Exists(LeaseOf(address)).Should().BeFalse();
    }

    [NodeFact]
    public async Task A_pin_that_is_taken_away_while_orlopd_runs_is_back_before_the_network_needs_it()
    {
        await using var pod = await Node.RunPodAsync();
        await pod.StartAsync("sleep 1000");
        await Node.Namespaces.RunAsync($"umount {SupervisorProcess.PinOf(pod)}; rm {SupervisorProcess.PinOf(pod)}");

        (await pod.RunAsync("echo runs")).Output.Should().Be("runs\n");
        await pod.StopAsync();
        await pod.RemoveAsync();

        await Node.VerifyEmptyAsync(); // the rules of the firewall too, which the plugin finds by what is inside
    }

    [NodeFact]
    public async Task Without_its_backend_a_pod_is_not_said_to_have_stopped_and_is_there_again_with_it()
    {
        await using var crippled = await Node.StartAsync(new NodeOptions { Network = false });
        crippled.Log.Expect("CNI");
        var pod = await crippled.RunPodAsync(config => config.Linux.SecurityContext.NamespaceOptions.Network = NamespaceMode.Node);
        var container = await pod.StartAsync("sleep 1000");
        var configuration = await File.ReadAllTextAsync(crippled.Folder.Configuration);
        await crippled.Daemon.TerminateAsync();
        await File.AppendAllTextAsync(crippled.Folder.Configuration, "\n[plugins.linux-native]\nenabled = false\n");
        await crippled.StartDaemonAsync();

        (await ((Func<Task>)(() => container.StopAsync(TimeSpan.Zero))).ShouldFailWithAsync(StatusCode.Unavailable)).Status.Detail.Should().Contain(container.Id);
        await ((Func<Task>)pod.StopAsync).ShouldFailWithAsync(StatusCode.Unavailable);
        await ((Func<Task>)pod.RemoveAsync).ShouldFailWithAsync(StatusCode.Unavailable);
        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);

        await crippled.Daemon.TerminateAsync();
        await File.WriteAllTextAsync(crippled.Folder.Configuration, configuration);
        await crippled.StartDaemonAsync();
        (await pod.StatusAsync()).State.Should().Be(PodSandboxState.SandboxReady);
        (await container.ReadAsync("echo goes on")).Should().Be("goes on");
        await pod.StopAsync();
        (await container.StatusAsync()).ExitCode.Should().Be(137);
        await pod.RemoveAsync();
    }

    [NodeFact]
    public async Task A_supervisor_out_of_reach_is_ended_with_its_containers()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        await Node.Daemon.KillAsync();
        await Node.Namespaces.RunAsync($"rm {SupervisorProcess.FolderOf(pod)}/sup.sock");

        await Node.StartDaemonAsync();

        await ExpectLostAsync(pod, container);
    }

    [NodeFact]
    public async Task A_pod_whose_state_folder_is_gone_leaves_nothing_running()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        await Node.Daemon.KillAsync();
        await Node.Namespaces.RunAsync($"rm -r {SupervisorProcess.FolderOf(pod)}");

        await Node.StartDaemonAsync();

        await ExpectLostAsync(pod, container);
    }

    [NodeFact]
    public async Task A_supervisor_that_is_killed_while_orlopd_runs_gives_the_address_back_within_a_minute()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        var address = await pod.AddressAsync();

        await SupervisorProcess.KillAsync(pod);

        await Eventually.PassesAsync(() => ExpectLostAsync(pod, container));
        await Eventually.PassesAsync(() => File.Exists(LeaseOf(address)).Should().BeFalse(), TimeSpan.FromSeconds(90));
    }

    [NodeFact]
    public async Task A_created_container_whose_cgroup_was_removed_starts()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.CreateAsync("echo started after all");
        CgroupTree.Remove($"{pod.Config.Linux.CgroupParent}/{container.Id}");

        await container.StartAsync();

        (await container.FinishAsync()).Output.Should().Be("started after all\n");
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_container_whose_root_was_deleted_fails_to_start_and_can_be_removed(bool restart)
    {
        await using var pod = await Node.RunPodAsync();
        var running = await pod.StartAsync("sleep 1000");
        var created = await pod.CreateAsync("echo started");
        if (restart) await Node.Daemon.KillAsync();
        await Node.Namespaces.RunAsync($"rm -r {Node.Folder.Root}/plugins/registry/overlay/snapshots/*");
        if (restart) await Node.StartDaemonAsync();
        Node.Log.Expect("cannot start");

        try
        {
            await created.StartAsync();
        }
        catch (RpcException e)
        {
            e.Status.Detail.Should().Contain(created.Config.Metadata.Name);
            (await created.StatusAsync()).ExitCode.Should().Be(128);
        }

        await created.RemoveAsync();
        await running.RemoveAsync();
        (await pod.RunAsync("echo a new one runs")).Output.Should().Be("a new one runs\n");
    }

    [NodeFact]
    public async Task Layers_that_were_deleted_are_unpacked_again()
    {
        var pushed = await Node.PushAsync(TestImages.Unique("unique/lost-layers"));
        await Node.PullAsync(pushed.Reference);
        await using var pod = await Node.RunPodAsync();
        await Node.Daemon.KillAsync();
        await Node.Namespaces.RunAsync($"rm -r {Node.Folder.Root}/plugins/registry/overlay/layers/*");

        await Node.StartDaemonAsync();

        (await pod.RunAsync("echo runs", config => config.Image.Image = pushed.Reference)).Output.Should().Be("runs\n");
    }

    private string LeaseOf(string address) => Path.Combine(Node.Folder.Leases, "orlop", address);

    private async Task ExpectLostAsync(Pod pod, PodContainer container)
    {
        (await pod.StatusAsync()).State.Should().Be(PodSandboxState.SandboxNotready);
        var status = await container.StatusAsync();
        (status.State, status.ExitCode, status.Reason).Should().Be((ContainerState.ContainerExited, 255, "Unknown"));
        SupervisorProcess.Find(pod).Should().Be(0);
        await Eventually.PassesAsync(() => CgroupTree.Processes(pod.Config.Linux.CgroupParent).Should().BeEmpty());
    }

    /// <summary>Nothing runs on, and what is in memory is gone: processes, network namespaces, <c>/run</c>, the rules of the firewall.</summary>
    private async Task RebootAsync(Pod pod)
    {
        await SupervisorProcess.KillAsync(pod);
        await Eventually.PassesAsync(() =>
        {
            foreach (var pid in CgroupTree.Processes(pod.Config.Linux.CgroupParent)) Libc.Kill(pid, Signals.Kill);
            CgroupTree.Remove(pod.Config.Linux.CgroupParent);
        });
        await Node.Namespaces.RunAsync("for pin in /run/netns/*; do umount $pin; rm $pin; done; rm -r /run/orlop; iptables -t nat -F; iptables -t nat -X");
    }
}
