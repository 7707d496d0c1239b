using Orlop.Testing.Images;
using Orlop.Testing.Plugins;

namespace Orlop.NodeTests.Plugins;

/// <summary>A policy that the configuration requires and that does not load.</summary>
public sealed class RequiredPlugin : IDisposable
{
    private readonly DirectoryInfo _plugins = Directory.CreateTempSubdirectory("orlop-required-");

    public void Dispose() => _plugins.Delete(recursive: true);

    [NodeFact]
    public async Task Without_it_nothing_is_pulled_or_made_and_what_runs_goes_on()
    {
        new PluginFolderBuilder(_plugins.FullName).AddManifest("acme-policy", kinds: "\"policy\""); // its assembly is missing
        var optional = new NodeOptions { PluginFolders = [_plugins.FullName] };
        await using var node = await Node.StartAsync(optional);
        await using var pod = await node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        (await ReadinessAsync(node)).Status.Should().BeTrue("nobody requires the plugin");

        await RestartAsync(node, new NodeOptions { PluginFolders = optional.PluginFolders, PluginSettings = { ["acme-policy"] = "required = true" } });

        var reason = $"plugin 'acme-policy' is required and Failed: {_plugins.FullName}/acme-policy/Test.Plugin.dll does not exist, which plugin.toml names as its assembly; repair it and restart orlopd, or take plugins.acme-policy.required out of the configuration";
        (await ReadinessAsync(node)).Should().BeEquivalentTo(new { Status = false, Reason = "RequiredPluginNotReady", Message = reason });
        var reference = node.Image(TestImages.Busybox).Reference;
        (await node.Cri.Images.PullImageAsync(new() { Image = new ImageSpec { Image = reference } }).ShouldFailWithAsync(StatusCode.Unavailable)).Status.Detail
            .Should().Be($"pull \"{reference}\": {reason}");
        (await ((Func<Task>)(() => node.RunPodAsync())).ShouldFailWithAsync(StatusCode.Unavailable)).Status.Detail.Should().EndWith(reason);
        (await ((Func<Task>)(() => pod.CreateAsync(pod.ContainerConfig("true", "second")))).ShouldFailWithAsync(StatusCode.Unavailable)).Status.Detail.Should().EndWith(reason);
        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);
        await node.Cri.Runtime.StopContainerAsync(new() { ContainerId = container.Id });
        node.Log.Expect(reason);
        node.Log.Verify();

        await RestartAsync(node, optional);

        (await ReadinessAsync(node)).Status.Should().BeTrue();
        (await pod.RunAsync("echo runs")).Output.Should().Be("runs\n");
    }

    private static async Task<RuntimeCondition> ReadinessAsync(Node node) =>
        (await node.Cri.Runtime.StatusAsync(new())).Status.Conditions.Single(condition => condition.Type == "RuntimeReady");

    private static async Task RestartAsync(Node node, NodeOptions options)
    {
        await node.Daemon.TerminateAsync();
        node.Folder.WriteConfiguration(options);
        await node.StartDaemonAsync();
    }
}
