using System.Reflection.PortableExecutable;
using System.Text.Json;

namespace Orlop.NodeTests.Plugins;

/// <summary>For which machines the published plugins are.</summary>
public sealed class PublishedAssemblies
{
    // Native code for Linux has the same header, but with the number of the processor XORed with this one of the system.
    private const int Linux = 0x7B79;

    [Theory]
    [InlineData("windows-hcs", "Orlop.Windows", "win-x64", (int)Machine.Amd64)]
    [InlineData("windows-hcs", "Orlop.Windows.Interop", "win-x64", (int)Machine.Amd64)]
    [InlineData("linux-native", "Orlop.Linux", "linux-x64", (int)Machine.Amd64 ^ Linux)]
    public void A_plugin_has_native_code_for_the_machines_that_it_is_for(string plugin, string assembly, string runtime, int machine)
    {
        var folder = Path.Combine(Repository.Dist, "plugins", plugin);
        using var file = File.OpenRead(Path.Combine(folder, assembly + ".dll"));
        using var portable = new PEReader(file);

        ((int)portable.PEHeaders.CoffHeader.Machine).Should().Be(machine);
        portable.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size.Should().BePositive("it is compiled ahead of time");
        using var dependencies = JsonDocument.Parse(File.ReadAllText(Directory.EnumerateFiles(folder, "*.deps.json").Single()));
        dependencies.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString().Should().EndWith("/" + runtime);
    }
}
