using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Orlop.Cri.V1;

namespace Orlop.VendorTests;

[Collection(WorkshopCollection.Name)]
public sealed class SamplePlugins(Workshop workshop)
{
    [NodeFact]
    public async Task Plugins_of_a_vendor_work_in_one_daemon_each_with_its_own_version_of_a_library()
    {
        await using var node = await Node.StartAsync(new NodeOptions
        {
            PluginFolders = [workshop.Plugins],
            PluginSettings =
            {
                ["acme-defaults"] = Setting("defaults.yaml", "namespaces: { default: { environment: [GREETING=hello, HOME=/elsewhere], openFiles: 512 } }"),
                ["acme-registries"] = Setting("registries.yaml", "[localhost:5000]"),
            },
        });

        await using var pod = await node.RunPodAsync();
        var finished = await pod.RunAsync("echo $GREETING $HOME; ulimit -n", config => config.Envs.Add(new KeyValue { Key = "HOME", Value = ByteString.CopyFromUtf8("/mine") }));
        var refused = await node.Cri.Images.PullImageAsync(new() { Image = new() { Image = "docker.io/library/official:latest" } }).ShouldFailWithAsync(StatusCode.PermissionDenied);

        finished.Output.Should().Be("hello /mine\n512\n", "the hook fills in what the container does not set itself");
        refused.Status.Detail.Should().Contain("the registry docker.io is not allowed here").And.Contain("allows localhost:5000");
        LoadedCopies(node.Daemon.Pid, "YamlDotNet.dll").Should().BeEquivalentTo(new Dictionary<string, string>
        {
            [Path.Combine(workshop.Plugins, "acme-defaults", "YamlDotNet.dll")] = "16.3.0.0",
            [Path.Combine(workshop.Plugins, "acme-registries", "YamlDotNet.dll")] = "18.1.0.0",
        });
        node.Log.Verify();
    }

    [NodeFact]
    public async Task A_plugin_that_finds_nothing_to_do_is_skipped_and_its_settings_can_be_given_to_verify()
    {
        string plugin = Path.Combine(workshop.Plugins, "acme-defaults");
        string config = workshop.Below("verify.toml");
        await File.WriteAllTextAsync(config, $"[plugins.acme-defaults]\n{Setting("wrong.yaml", "namespaces: { default: { environment: [GREETING] } }")}\n");

        var skipped = await VerifyAsync(plugin);
        var failed = await VerifyAsync(plugin, "--config", config);

        skipped.ExitCode.Should().Be(0);
        skipped.Output.Should().Contain("skip  module        there is no /etc/orlop/acme-defaults.yaml, which plugins.acme-defaults.file names");
        failed.ExitCode.Should().Be(1);
        failed.Output.Should().Contain("namespaces.default.environment has \"GREETING\"; write NAME=value").And.EndWith("plugin 'acme-defaults' would be Failed\n");
    }

    private Task<CommandResult> VerifyAsync(params string[] arguments) =>
        workshop.TryRunAsync(workshop.Folder, [Path.Combine(Repository.Dist, "orlop", "orlop"), "plugins", "verify", .. arguments]);

    private string Setting(string name, string text)
    {
        string path = workshop.Below(name);
        File.WriteAllText(path, text);
        return $"file = \"{path}\"";
    }

    /// <summary>The files of that name that a process has in its memory, with their versions; see proc_pid_maps(5).</summary>
    private static Dictionary<string, string> LoadedCopies(int pid, string name) =>
        File.ReadLines($"/proc/{pid}/maps").Select(line => line[Math.Max(0, line.IndexOf('/', StringComparison.Ordinal))..])
            .Where(path => Path.GetFileName(path) == name).Distinct()
            .ToDictionary(path => path, path => FileVersionInfo.GetVersionInfo(path).FileVersion!);
}
