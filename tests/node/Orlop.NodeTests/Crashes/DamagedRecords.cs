using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Crashes;

/// <summary>Records that were damaged while orlopd was not looking.</summary>
public sealed class DamagedRecords(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task A_damaged_record_costs_that_one_pod_and_nothing_of_it_is_left()
    {
        Node.Log.Expect("does not match its checksum");
        await using var pod = await Node.RunPodAsync();
        await using var other = await Node.RunPodAsync();
        await pod.StartAsync("sleep 1000");
        var neighbour = await other.StartAsync("sleep 1000");
        await Node.Daemon.TerminateAsync();
        await Node.Namespaces.RunAsync($"sed -i 's/\"Hostname\":\"{pod.Config.Hostname}\"/\"Hostname\":\"{pod.Config.Hostname[..^1]}X\"/' {Node.Folder.Root}/state.db");

        await Node.StartDaemonAsync();

        (await Node.Cri.Runtime.ListPodSandboxAsync(new())).Items.Should().ContainSingle().Which.Id.Should().Be(other.Id);
        (await Node.Cri.Runtime.ListContainersAsync(new())).Containers.Should().ContainSingle().Which.Id.Should().Be(neighbour.Id);
        (await neighbour.ReadAsync("echo goes on")).Should().Be("goes on");
        await Eventually.PassesAsync(() => CgroupTree.Children(pod.Config.Linux.CgroupParent).Should().BeEmpty());
        await other.StopAsync();
        await other.RemoveAsync();
        await Node.VerifyEmptyAsync();
        await using var again = await Node.RunPodAsync(pod.Config);
        (await again.RunAsync("echo anew")).Output.Should().Be("anew\n");
    }
}
