using Orlop.Cri.V1;

namespace Orlop.VendorTests;

/// <summary>Plugins as the template makes them: they keep the contract of their kind, and the daemon would use them.</summary>
[Collection(WorkshopCollection.Name)]
public sealed class Templates(Workshop workshop)
{
    private static readonly string Orlop = Path.Combine(Repository.Dist, "orlop", "orlop");

    // In /run of its own: the tests name network namespaces there.
    [NodeFact]
    public Task A_network_made_from_the_template_keeps_the_contract_and_is_good() =>
        MakeAsync("Acme.PodNet", "network", "mount -t tmpfs tmpfs /run; mkdir /run/netns");

    // On a disk of its own: whatever file system this machine has, overlayfs can write to that one.
    [NodeFact]
    public async Task A_snapshotter_made_from_the_template_keeps_the_contract_is_good_and_serves_a_pod()
    {
        string plugin = await MakeAsync("Acme.Layers", "snapshotter", "mount -t tmpfs tmpfs /mnt; export TMPDIR=/mnt");

        await using var node = await Node.StartAsync(new NodeOptions
        {
            PluginFolders = [Path.GetDirectoryName(plugin)!],
            Configuration = "[handlers.acme]\nbackend = \"linux-native\"\nsnapshotter = \"acme-layers\"\n",
        });
        await using (var pod = await node.RunPodAsync(node.PodConfig(), handler: "acme"))
        {
            (await pod.RunAsync("echo written >/etc/mine; cat /etc/mine; grep ' / ' /proc/mounts")).Output.Should().StartWith("written\noverlay / overlay").And.Contain("/plugins/acme-layers/");
        }

        node.Log.Verify();
    }

    /// <summary>Makes a plugin, runs its tests, publishes and verifies it; gives its folder.</summary>
    private async Task<string> MakeAsync(string name, string kind, string preparation)
    {
        string id = name.ToLowerInvariant().Replace('.', '-');
        string folder = Directory.CreateDirectory(workshop.Below($"samples/{kind}")).FullName;
        File.Copy(workshop.Below("samples/acme/nuget.config"), Path.Combine(folder, "nuget.config"));

        await workshop.RunAsync(folder, "dotnet", "new", "orlop-plugin", "--name", name, "--vendor", "Acme", "--kind", kind, "--output", ".");
        string tests = await workshop.RunAsync(folder, Workshop.Isolated("sh", "-ec", $"{preparation}; exec dotnet test"));
        await workshop.RunAsync(folder, "dotnet", "publish", $"src/{name}", "--output", $"out/{id}");
        string verdict = await workshop.RunAsync(folder, Orlop, "plugins", "verify", $"out/{id}");

        tests.Should().Contain("Passed!").And.Contain("Failed:     0");
        verdict.Should().EndWith($"plugin '{id}' 0.1.0 is good; it gives: {kind} {id}\n");
        return Path.Combine(folder, "out", id);
    }
}
