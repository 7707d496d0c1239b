using System.Runtime.Versioning;
using Orlop.Host.Hosting;
using Orlop.Host.Tests.Support;
using Orlop.Testing.Plugins;

namespace Orlop.Host.Tests.Hosting;

[SupportedOSPlatform("linux")]
public sealed class ConfigCheckTests : IDisposable
{
    private const string Settings = """
        [settings.size]
        type = "integer"
        default = 3
        minimum = 1
        maximum = 64
        """;

    private readonly TempFolder _folder = new();
    private readonly PluginFolderBuilder _plugins;

    public ConfigCheckTests() => _plugins = new PluginFolderBuilder(Directory.CreateDirectory(_folder.File("plugins")).FullName);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[network]\nplugin = \"acne\"", "config.toml:3: network.plugin is \"acne\", and no plugin gives a network of this name; did you mean 'acme'?")]
    [InlineData("[handlers.x]\nsnapshotter = \"zfs\"", "config.toml:3: handlers.x.snapshotter is \"zfs\", and no plugin gives a snapshotter of this name; known: copy, overlay")]
    [InlineData("[handlers.x]\nbackend = \"runc\"", "config.toml:3: handlers.x.backend is \"runc\", and no plugin gives a backend of this name; none is known")]
    [InlineData("[plugins.acme]\nsize = 0", "config.toml:3: plugins.acme.size is the integer 0; expected 1 to 64")]
    public void A_value_that_no_plugin_can_use_is_an_error(string text, string expected)
    {
        _plugins.AddManifest("acme", kinds: "\"network\", \"snapshotter\"", settings: $"{Settings}\n[names]\nnetwork = [\"acme\"]\nsnapshotter = [\"overlay\", \"copy\"]");

        var (exitCode, _, error) = Check(text);

        error.Trim().Should().EndWith(expected);
        exitCode.Should().Be(1);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void A_plugin_that_cannot_be_used_is_an_error_where_it_is_required(bool required, int expected)
    {
        _plugins.AddManifest("acme", os: "[\"windows\"]");

        var (exitCode, _, error) = Check($"[plugins.acme]\nrequired = {(required ? "true" : "false")}");

        exitCode.Should().Be(expected);
        error.Should().Be(required ? $"{_folder.File("config.toml")}:2: plugin 'acme' is required and Skipped: is for windows; this machine runs linux\n" : "");
    }

    [Theory]
    [InlineData("[network]\nplugin = \"acme\"\n[plugins.acme]\nsize = 64")]
    [InlineData("[images]\nsource = \"whatever\"")]
    [InlineData("")]
    public void A_name_that_a_plugin_gives_or_may_give_is_good(string text)
    {
        _plugins.AddManifest("acme", kinds: "\"network\"", settings: $"{Settings}\n[names]\nnetwork = [\"acme\"]");
        _plugins.AddManifest("silent", kinds: "\"images\"");

        Check(text).Should().BeEquivalentTo((0, $"The configuration is good: {_folder.File("config.toml")}\n", ""));
    }

    private (int ExitCode, string Output, string Error) Check(string text)
    {
        _folder.Write("config.toml", $"plugin_folders = [\"{_plugins.Root}\"]\n{text}\n");
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = ConfigCommands.Check(new CommandLine { Verb = Verb.ConfigCheck, ConfigFile = _folder.File("config.toml") }, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }
}
