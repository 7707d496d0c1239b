using Orlop.Abstractions.Plugins;
using Orlop.Host.Plugins;
using Orlop.Host.Tests.Support;
using Orlop.Testing.Plugins;

namespace Orlop.Host.Tests.Plugins;

public sealed class ApiGuardTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _plugin;

    public ApiGuardTests() => _plugin = new PluginFolderBuilder(_folder.Path).AddManifest("p");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void References_up_to_the_hosts_versions_are_fine()
    {
        Write("Test.Plugin", ("Orlop.Abstractions", new Version(0, 0, 0, 0)), ("Autofac", new Version(9, 0, 0, 0)), ("Private.Library", new Version(99, 0)), ("System.Runtime", new Version(8, 0, 0, 0)));

        Check().Should().BeNull();
    }

    [Theory]
    [InlineData("Orlop.Abstractions", "0.2.0.0", "Test.Plugin.dll was built for Orlop.Abstractions 0.2; this host gives 0.1 (same major, minor at most the host's)")]
    [InlineData("Orlop.Abstractions", "1.0.0.0", "Test.Plugin.dll was built for Orlop.Abstractions 1.0; this host gives 0.1 (same major, minor at most the host's)")]
    [InlineData("Autofac", "8.9.0.0", "Test.Plugin.dll was built for Autofac 8.9; this host gives 9.3 (same major, minor at most the host's)")]
    [InlineData("Microsoft.Extensions.Logging.Abstractions", "11.0.0.0", "Test.Plugin.dll was built for Microsoft.Extensions.Logging.Abstractions 11.0; this host gives 10.0 (same major, minor at most the host's)")]
    [InlineData("System.Runtime", "11.0.0.0", "Test.Plugin.dll was built for .NET 11.0; this host runs on .NET 10.0")]
    public void A_reference_that_the_host_cannot_satisfy_is_unsupported(string name, string version, string reason)
    {
        Write("Test.Plugin", (name, Version.Parse(version)));

        Check().Should().BeEquivalentTo(new { State = PluginState.Unsupported, Message = reason });
    }

    [Fact]
    public void Every_other_assembly_in_the_folder_is_checked_too()
    {
        Write("Test.Plugin");
        Write("Helper", ("Orlop.Abstractions", new Version(0, 9)));

        Check()!.Message.Should().StartWith("Helper.dll was built for Orlop.Abstractions 0.9");
    }

    [Fact]
    public void A_shared_assembly_in_the_folder_is_refused_also_under_another_name()
    {
        Write("Test.Plugin");
        PluginFolderBuilder.WriteAssembly(Path.Combine(_plugin, "Renamed.dll"), "Orlop.Abstractions");

        Check().Should().BeEquivalentTo(new { State = PluginState.Failed });
        Check()!.Message.Should().StartWith($"{_plugin}/Renamed.dll is the host's to give");
    }

    [Fact]
    public void The_main_file_has_to_be_an_assembly_and_others_need_not()
    {
        Write("Test.Plugin");
        File.WriteAllText(Path.Combine(_plugin, "native.dll"), "no PE file");
        Check().Should().BeNull();

        File.WriteAllText(Path.Combine(_plugin, "Test.Plugin.dll"), "no PE file");
        Check()!.Message.Should().Contain("Test.Plugin.dll is no .NET assembly");
    }

    [Fact]
    public void A_missing_main_file_is_named() => Check()!.Message.Should().Be($"{_plugin}/Test.Plugin.dll does not exist, which plugin.toml names as its assembly");

    [Fact]
    public void The_api_of_the_manifest_is_checked_before_any_file()
    {
        new PluginFolderBuilder(_folder.Path).AddManifest("p", api: "0.7");

        Check().Should().BeEquivalentTo(new { State = PluginState.Unsupported, Message = "plugin 'p' was built for plugin API 0.7; this host gives 0.1 (same major, minor at most the host's)" });
    }

    private void Write(string name, params (string Name, Version Version)[] references) =>
        PluginFolderBuilder.WriteAssembly(Path.Combine(_plugin, name + ".dll"), name, references);

    private PluginException? Check()
    {
        var plugin = PluginDiscovery.Find([_folder.Path]).Single();
        try
        {
            ApiGuard.Check(plugin, plugin.Manifest!);
            return null;
        }
        catch (PluginException e)
        {
            return e;
        }
    }
}
