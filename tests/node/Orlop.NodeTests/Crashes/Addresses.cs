using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Crashes;

/// <summary>Leases of the real host-local plugin, whatever happens around ADD and DEL (R8, R9).</summary>
public sealed class Addresses(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task A_failed_attach_gives_its_addresses_back()
    {
        await using var scene = await Scene.StartAsync(Node, "echo '{ \"cniVersion\": \"1.0.0\", \"code\": 100, \"msg\": \"no more cables\" }'; exit 1", del: "exit 0");

        var run = async () => await Node.RunPodAsync();

        (await run.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("no more cables");
        Leases().Should().BeEmpty();
        (await Node.Cri.Runtime.ListPodSandboxAsync(new())).Items.Should().BeEmpty();
    }

    [NodeFact]
    public async Task A_kill_within_an_attach_gives_its_addresses_back()
    {
        await using var scene = await Scene.StartAsync(Node, "sleep 1000", del: "exit 0");
        var run = Node.RunPodAsync();
        await Eventually.PassesAsync(() => Leases().Should().HaveCount(2));

        await Node.CrashAndRestartAsync();

        await run.Awaiting(r => r).Should().ThrowAsync<RpcException>();
        await Eventually.PassesAsync(() => Leases().Should().BeEmpty());
        (await Node.Cri.Runtime.ListPodSandboxAsync(new())).Items.Should().BeEmpty();
        await Node.VerifyEmptyAsync();
    }

    [NodeFact]
    public async Task A_kill_within_a_detach_does_not_keep_its_addresses()
    {
        await using var scene = await Scene.StartAsync(Node, Scene.PassOn, del: $"[ -e {Node.Folder.Shared}/go ] || sleep 1000");
        await using var pod = await Node.RunPodAsync();
        var stop = pod.StopAsync();
        await scene.WaitForCallAsync("DEL");

        await Node.Daemon.KillAsync();
        await File.WriteAllTextAsync($"{Node.Folder.Shared}/go", "");
        await Node.StartDaemonAsync();

        await stop.Awaiting(s => s).Should().ThrowAsync<RpcException>();
        await pod.StopAsync();
        Leases().Should().BeEmpty();
        await pod.RemoveAsync();
        await Node.VerifyEmptyAsync(); // the plugin that slept, too
    }

    [NodeFact]
    public async Task Addresses_come_back_without_the_network_namespace()
    {
        await using var scene = await Scene.StartAsync(Node, Scene.PassOn, del: "exit 0");
        await using var pod = await Node.RunPodAsync();
        await pod.StartAsync("sleep 1000");
        await Node.Daemon.KillAsync();
        await SupervisorProcess.KillAsync(pod);
        await Node.Namespaces.RunAsync($"umount {SupervisorProcess.PinOf(pod)}; rm {SupervisorProcess.PinOf(pod)}");
        await Node.StartDaemonAsync();

        await pod.StopAsync();

        Leases().Should().BeEmpty();
        await pod.RemoveAsync();
    }

    [NodeFact]
    public async Task Addresses_come_back_after_a_kill_and_without_the_configuration()
    {
        await using var scene = await Scene.StartAsync(Node, Scene.PassOn, del: "exit 0");
        await using var pod = await Node.RunPodAsync();
        await Node.Daemon.KillAsync();
        scene.RemoveConfiguration();
        await Node.StartDaemonAsync();

        await pod.StopAsync();
        await pod.RemoveAsync();

        Leases().Should().BeEmpty();
    }

    [NodeFact]
    public async Task A_missing_program_keeps_no_pod_and_the_addresses_come_back_with_it()
    {
        await using var scene = await Scene.StartAsync(Node, Scene.PassOn, del: "exit 0");
        await using var pod = await Node.RunPodAsync();
        scene.HideBridge();

        await pod.StopAsync();
        await pod.RemoveAsync();
        Leases().Should().NotBeEmpty("nobody could release them yet");
        await Node.CrashAndRestartAsync();
        scene.ShowBridge();

        await Eventually.PassesAsync(() => Leases().Should().BeEmpty(), TimeSpan.FromSeconds(60));
    }

    private IReadOnlyList<string> Leases() => Scene.Leases(Node);

    /// <summary>
    /// A network of the real bridge under a name of its own, and after it a plugin that does what the test says; the usual one is back
    /// at the end.
    /// </summary>
    private sealed class Scene : IAsyncDisposable
    {
        /// <summary>An ADD that returns the result of the plugin before it, which comes last in its input.</summary>
        public const string PassOn = "sed 's/.*\"prevResult\":\\(.*\\)}$/\\1/'";

        private const string Name = "scene";

        private readonly Node _node;

        private Scene(Node node) => _node = node;

        private string Configuration => Path.Combine(_node.Folder.NetworkConfigurations, "05-scene.conflist");

        private string Bridge => Path.Combine(_node.Folder.NetworkPlugins, "scene-bridge");

        private string Calls => _node.Folder.Below("scene-calls");

        public static IReadOnlyList<string> Leases(Node node)
        {
            var folder = Path.Combine(node.Folder.Leases, Name);
            return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(Path.GetFileName).Where(name => char.IsAsciiHexDigit(name![0]) && !name.StartsWith("last", StringComparison.Ordinal))!] : [];
        }

        public static async Task<Scene> StartAsync(Node node, string add, string del)
        {
            var scene = new Scene(node);
            Directory.CreateDirectory(node.Folder.NetworkPlugins);
            File.Copy("/usr/lib/cni/bridge", scene.Bridge);
            var actor = Path.Combine(node.Folder.NetworkPlugins, "scene-actor");
            await File.WriteAllTextAsync(
                actor,
                $$"""
                #!/bin/sh
                echo "$CNI_COMMAND" >> {{scene.Calls}}
                case $CNI_COMMAND in
                VERSION) echo '{ "cniVersion": "1.0.0", "supportedVersions": ["1.0.0"] }' ;;
                ADD) {{add}} ;;
                DEL) {{del}} ;;
                esac
                """);
            File.SetUnixFileMode(actor, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await File.WriteAllTextAsync(
                scene.Configuration,
                $$"""
                { "cniVersion": "1.0.0", "name": "{{Name}}", "plugins": [
                    { "type": "scene-bridge", "bridge": "scene0",
                      "ipam": { "type": "host-local", "dataDir": "{{node.Folder.Leases}}", "ranges": [[{ "subnet": "10.77.0.0/16" }], [{ "subnet": "fd77::/64" }]] } },
                    { "type": "scene-actor" } ] }
                """);
            await Eventually.PassesAsync(async () =>
                (await node.Cri.Runtime.StatusAsync(new() { Verbose = true })).Status.Conditions.Single(c => c.Type == "NetworkReady").Status.Should().BeTrue());
            await scene.WaitForNetworkAsync();
            return scene;
        }

        public Task WaitForCallAsync(string command) => Eventually.PassesAsync(() => File.ReadAllLines(Calls).Should().Contain(command));

        public void RemoveConfiguration() => File.Delete(Configuration);

        public void HideBridge() => File.Move(Bridge, Bridge + ".hidden");

        public void ShowBridge() => File.Move(Bridge + ".hidden", Bridge);

        public async ValueTask DisposeAsync()
        {
            RemoveConfiguration();
            Directory.Delete(_node.Folder.NetworkPlugins, recursive: true);
            Directory.CreateDirectory(_node.Folder.NetworkPlugins);
            File.Delete(Calls);
            await _node.Namespaces.RunAsync("ip link delete scene0 2>/dev/null || true");
            await _node.CrashAndRestartAsync(); // so that the next test finds the usual network
        }

        // The folder is watched: what is there at a start is what counts.
        private Task WaitForNetworkAsync() => _node.CrashAndRestartAsync();
    }
}
