using System.Text.Json;
using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Plugins;

/// <summary>The plugin for Windows nodes, which is in the published tree too.</summary>
public sealed class WindowsPlugin(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task On_Linux_it_is_Skipped_with_its_reason_unloaded_and_the_node_serves()
    {
        var orlop = await Command.RunAsync($"{Repository.Dist}/orlop/orlop", "--address", $"unix://{Node.Folder.Socket}", "plugins", "--output", "json");

        using var plugins = JsonDocument.Parse(orlop);
        var plugin = plugins.RootElement.EnumerateArray().Single(plugin => plugin.GetProperty("id").GetString() == "windows-hcs");
        plugin.GetProperty("state").GetString().Should().Be("Skipped");
        plugin.GetProperty("reason").GetString().Should().Be("is for windows; this machine runs linux");
        var mapped = await File.ReadAllTextAsync($"/proc/{Node.Daemon.Pid}/maps");
        mapped.Should().Contain("plugins/cni/").And.NotContain("plugins/windows-hcs/", "its manifest is enough");
        await using var pod = await Node.RunPodAsync();
        (await pod.RunAsync("echo runs")).Output.Should().Be("runs\n");
    }
}
