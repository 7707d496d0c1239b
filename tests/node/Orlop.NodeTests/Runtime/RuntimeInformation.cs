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
    public async Task UpdateRuntimeConfig_takes_the_pod_cidr() =>
        await Runtime.UpdateRuntimeConfigAsync(new() { RuntimeConfig = new RuntimeConfig { NetworkConfig = new NetworkConfig { PodCidr = "10.1.0.0/24" } } });
}
