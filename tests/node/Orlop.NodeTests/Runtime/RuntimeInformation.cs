using System.Text.Json;

namespace Orlop.NodeTests.Runtime;

public sealed class RuntimeInformation(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    [NodeFact]
    public async Task Version_names_the_runtime_and_its_api()
    {
        var version = await Runtime.VersionAsync(new VersionRequest { Version = "0.1.0" });

        version.RuntimeApiVersion.Should().Be("v1");
        version.Version.Should().Be("0.1.0", "the kubelet compares it with the version of its own runtime API");
        version.RuntimeName.Should().Be("orlop");
        version.RuntimeVersion.Should().NotBeEmpty();
    }

    [NodeFact]
    public async Task A_healthy_node_is_ready()
    {
        var status = await Runtime.StatusAsync(new StatusRequest());

        status.Status.Conditions.Where(condition => condition.Type is "RuntimeReady" or "NetworkReady")
            .Should().HaveCount(2).And.OnlyContain(condition => condition.Status);
    }

    [NodeFact]
    public async Task The_default_handler_is_listed_by_its_name_and_as_the_empty_one()
    {
        var status = await Runtime.StatusAsync(new StatusRequest());

        status.RuntimeHandlers.Select(handler => handler.Name).Should().Contain(["", "default"]);
        status.RuntimeHandlers.Should().OnlyContain(handler => handler.Features.RecursiveReadOnlyMounts);
        status.Features.SupplementalGroupsPolicy.Should().BeTrue();
    }

    [NodeFact]
    public async Task Verbose_status_shows_every_plugin_and_where_each_setting_comes_from()
    {
        var status = await Runtime.StatusAsync(new StatusRequest { Verbose = true });

        using var plugins = JsonDocument.Parse(status.Info["plugins"]);
        plugins.RootElement.EnumerateArray().Where(plugin => plugin.GetProperty("state").GetString() == "Active").Select(plugin => plugin.GetProperty("id").GetString())
            .Should().Contain(["linux-native", "cni", "registry"]);
        using var configuration = JsonDocument.Parse(status.Info["config"]);
        configuration.RootElement.EnumerateArray().Single(entry => entry.GetProperty("key").GetString() == "socket").GetProperty("origin").GetString()
            .Should().Contain(Node.Folder.Configuration);
    }

    [NodeFact]
    public async Task RuntimeConfig_names_the_cgroup_driver()
    {
        var configuration = await Runtime.RuntimeConfigAsync(new RuntimeConfigRequest());

        configuration.Linux.CgroupDriver.Should().Be(CgroupDriver.Cgroupfs);
    }

    [NodeFact]
    public async Task UpdateRuntimeConfig_takes_the_pod_cidr() =>
        await Runtime.UpdateRuntimeConfigAsync(new() { RuntimeConfig = new RuntimeConfig { NetworkConfig = new NetworkConfig { PodCidr = "10.1.0.0/24" } } });

    [NodeFact]
    public async Task Questions_about_unknown_ids_are_NotFound()
    {
        const string unknown = "0000000000000000000000000000000000000000000000000000000000000000";

        await Runtime.PodSandboxStatusAsync(new() { PodSandboxId = unknown }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.ContainerStatusAsync(new() { ContainerId = unknown }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.StartContainerAsync(new() { ContainerId = unknown }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.ExecSyncAsync(new() { ContainerId = unknown, Cmd = { "true" } }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.ContainerStatsAsync(new() { ContainerId = unknown }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.ReopenContainerLogAsync(new() { ContainerId = unknown }).ShouldFailWithAsync(StatusCode.NotFound);
        await Runtime.UpdateContainerResourcesAsync(new() { ContainerId = unknown, Linux = new() { CpuShares = 2 } }).ShouldFailWithAsync(StatusCode.NotFound);
    }

    [NodeFact]
    public async Task To_stop_or_remove_what_is_not_there_succeeds()
    {
        const string unknown = "0000000000000000000000000000000000000000000000000000000000000000";

        await Runtime.StopPodSandboxAsync(new() { PodSandboxId = unknown });
        await Runtime.RemovePodSandboxAsync(new() { PodSandboxId = unknown });
        await Runtime.StopContainerAsync(new() { ContainerId = unknown });
        await Runtime.RemoveContainerAsync(new() { ContainerId = unknown });
        await Node.Cri.Images.RemoveImageAsync(new() { Image = new ImageSpec { Image = "localhost:5000/never/pulled:1" } });
    }

    [NodeFact]
    public async Task An_empty_id_matches_nothing()
    {
        await using var pod = await Node.RunPodAsync();
        await pod.StartAsync("sleep 1000");

        var status = async () => await Runtime.ContainerStatusAsync(new() { ContainerId = "" });
        (await status.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().BeOneOf(StatusCode.NotFound, StatusCode.InvalidArgument);
        var sandbox = async () => await Runtime.PodSandboxStatusAsync(new() { PodSandboxId = "" });
        (await sandbox.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().BeOneOf(StatusCode.NotFound, StatusCode.InvalidArgument);
    }

    [NodeFact]
    public async Task Calls_that_Orlop_does_not_serve_say_so() =>
        await Runtime.CheckpointContainerAsync(new() { ContainerId = "1", Location = "/nowhere" }).ShouldFailWithAsync(StatusCode.Unimplemented);
}
