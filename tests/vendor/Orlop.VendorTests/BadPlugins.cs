using System.Text.Json;
using Grpc.Core;
using Orlop.BadPlugins;
using Orlop.Cri.V1;
using Orlop.Testing.Plugins;

namespace Orlop.VendorTests;

/// <summary>Everything that can be wrong with a plugin, at once in one daemon.</summary>
public sealed class BadPlugins : IDisposable
{
    private static readonly string Orlop = Path.Combine(Repository.Dist, "orlop", "orlop");

    private readonly string _folder = Directory.CreateTempSubdirectory("orlop-bad-").FullName;
    private readonly PluginFolderBuilder _plugins;
    private readonly PluginFolderBuilder _others;

    public BadPlugins()
    {
        _plugins = new PluginFolderBuilder(Directory.CreateDirectory(Path.Combine(_folder, "plugins")).FullName);
        _others = new PluginFolderBuilder(Directory.CreateDirectory(Path.Combine(_folder, "others")).FullName);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NodeFact]
    public async Task The_daemon_starts_all_the_same_and_says_what_is_wrong_with_each()
    {
        await using var node = await Node.StartAsync(new NodeOptions { PluginFolders = [_plugins.Root, _others.Root], StartPatience = TimeSpan.FromMinutes(2), TopLevelConfiguration = "plugin_load_timeout = 10" });
        await using var pod = await node.RunPodAsync();
        var container = await pod.StartAsync("sleep 1000");
        var expected = Break();
        await node.Daemon.TerminateAsync();

        var starting = node.StartDaemonAsync();
        await Eventually.PassesAsync(async () => await node.Cri.Runtime.VersionAsync(new()));
        (await node.Cri.Runtime.StatusAsync(new()).ShouldFailWithAsync(StatusCode.Unavailable)).Status.Detail.Should().StartWith("orlopd is starting", "one of them hangs");
        await starting;

        var plugins = await PluginsAsync(node);
        foreach (var (id, (state, reason)) in expected)
        {
            plugins.Where(plugin => plugin.Id == id).Should().NotBeEmpty().And.OnlyContain(plugin => plugin.State == state && plugin.Reason.Contains(reason), "{0} is {1}: {2}", id, state, reason);
            node.Log.Text.Split('\n').Should().Contain(line => line.Contains(id, StringComparison.Ordinal) && line.Contains("\"@l\":\"Warning\"", StringComparison.Ordinal), "{0} is in the log", id);
        }

        plugins.Where(plugin => plugin.State == "Active").Select(plugin => plugin.Id).Should().BeEquivalentTo("cni", "fine", "linux-native", "registry");
        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);
        (await pod.RunAsync("echo runs")).Output.Should().Be("runs\n");
        node.Log.Verify();
        await VerifyAgreesAsync(plugins.Where(plugin => plugin.Folder.StartsWith(_plugins.Root) && plugin.Id is not ("hanging" or "twice")));
    }

    /// <summary>Lays out one plugin for each fault, and gives the state and the words that the daemon has for it.</summary>
    private Dictionary<string, (string State, string Reason)> Break()
    {
        Add("fine", typeof(HookModule));
        Add("throwing", typeof(ThrowingModule));
        Add("hanging", typeof(HangingModule));
        Add("wrong-kind", typeof(HookModule), kinds: "\"network\"");
        File.WriteAllText(Path.Combine(Add("broken", typeof(HookModule)), "Test.Plugin.dll"), "no assembly");
        File.WriteAllText(Path.Combine(Add("garbled", typeof(HookModule)), "plugin.toml"), "id = \"garbled\"\nkind = \"hook\"\n");
        File.Delete(Path.Combine(Add("headless", typeof(HookModule)), "Test.Plugin.dll"));
        File.Delete(Path.Combine(Add("incomplete", typeof(HookModule)), "Orlop.BadPlugins.dll"));
        Add("unlisted", typeof(HookModule), listed: false);
        File.Delete(Path.Combine(_plugins.Root, "unlisted", "Orlop.BadPlugins.dll"));
        File.Copy(typeof(Autofac.ContainerBuilder).Assembly.Location, Path.Combine(Add("stray", typeof(HookModule)), "Autofac.dll"));
        string open = Add("open", typeof(HookModule));
        File.SetUnixFileMode(open, File.GetUnixFileMode(open) | UnixFileMode.OtherWrite);
        _plugins.AddManifest("future", api: "0.99");
        Add("twice", typeof(HookModule));
        _others.AddManifest("twice");

        return new(StringComparer.Ordinal)
        {
            ["throwing"] = ("Failed", "InvalidOperationException: libexample is missing"),
            ["hanging"] = ("Failed", "did not load within 10 s (plugin_load_timeout): it hangs in its module; repair it, or switch it off with plugins.hanging.enabled = false"),
            ["wrong-kind"] = ("Failed", "plugin.toml says that it gives a network, but its module registers none; register it As<IPodNetwork>(), or take \"network\" out of kinds"),
            ["broken"] = ("Failed", "broken/Test.Plugin.dll is no .NET assembly"),
            ["garbled"] = ("Failed", "unknown key 'kind'; did you mean 'kinds'?"),
            ["headless"] = ("Failed", "headless/Test.Plugin.dll does not exist, which plugin.toml names as its assembly"),
            ["incomplete"] = ("Failed", $"names libraries that are not in {_plugins.Root}/incomplete: Orlop.BadPlugins.dll"),
            ["unlisted"] = ("Failed", "Could not load file or assembly 'Orlop.BadPlugins"),
            ["stray"] = ("Failed", "stray/Autofac.dll is the host's to give; remove it"),
            ["open"] = ("Failed", $"{open} is writable by others (mode 0757); run: chmod go-w -R {open}"),
            ["future"] = ("Unsupported", "plugin 'future' was built for plugin API 0.99; this host gives 0.1"),
            ["twice"] = ("Failed", $"the plugin id 'twice' is there 2 times: {_others.Root}/twice and {_plugins.Root}/twice; remove all but one"),
        };
    }

    /// <summary>A plugin with the library that its module is in, named in its dependency file or not.</summary>
    private string Add(string id, Type module, string kinds = "\"hook\"", bool listed = true)
    {
        string folder = _plugins.Add(id, module, kinds: kinds);
        File.Copy(module.Assembly.Location, Path.Combine(folder, "Orlop.BadPlugins.dll"));
        if (listed)
        {
            PluginFolderBuilder.WriteDependencies(folder, """ "Orlop.BadPlugins/1.0.0": { "runtime": { "Orlop.BadPlugins.dll": {} } } """);
        }

        return folder;
    }

    private static async Task<IReadOnlyList<(string Id, string State, string Reason, string Folder)>> PluginsAsync(Node node)
    {
        var status = await node.Cri.Runtime.StatusAsync(new StatusRequest { Verbose = true });
        using var plugins = JsonDocument.Parse(status.Info["plugins"]);
        return [.. plugins.RootElement.EnumerateArray().Select(plugin => (Text(plugin, "id"), Text(plugin, "state"), Text(plugin, "reason"), Text(plugin, "folder")))];
    }

    /// <summary>The same checks, the same words.</summary>
    private static async Task VerifyAgreesAsync(IEnumerable<(string Id, string State, string Reason, string Folder)> plugins)
    {
        foreach (var plugin in plugins)
        {
            var result = await Command.TryRunAsync(Orlop, "plugins", "verify", plugin.Folder, "--output", "json");

            using var verdict = JsonDocument.Parse(result.Output);
            (Text(verdict.RootElement, "id"), Text(verdict.RootElement, "state"), Text(verdict.RootElement, "reason"), Text(verdict.RootElement, "folder")).Should().Be(plugin);
            result.ExitCode.Should().Be(plugin.State == "Active" ? 0 : 1);
        }
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
