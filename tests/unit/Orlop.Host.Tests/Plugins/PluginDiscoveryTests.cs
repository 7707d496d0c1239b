using System.Runtime.Versioning;
using Orlop.Abstractions.Plugins;
using Orlop.Host.Configuration;
using Orlop.Host.Plugins;
using Orlop.Host.Tests.Support;
using Orlop.Testing.Plugins;

namespace Orlop.Host.Tests.Plugins;

[SupportedOSPlatform("linux")]
public sealed class PluginDiscoveryTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PluginFolderBuilder _plugins;

    public PluginDiscoveryTests() => _plugins = new PluginFolderBuilder(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_manifest_is_read_whole()
    {
        _folder.Write("cni/plugin.toml", """
            id = "cni"
            version = "1.2.3"
            api = "0.1"
            assembly = "Orlop.Cni.dll"
            kinds = ["network", "hook"]
            os = ["linux"]
            arch = ["x64", "arm64"]
            vendor = "Acme"
            licence = "MIT"
            description = "Networks."
            [settings.conf_folder]
            default = "/etc/cni/net.d"
            description = "Where conflists are."
            [settings.bin_folders]
            type = "strings"
            default = ["/opt/cni/bin"]
            [settings.retries]
            type = "integer"
            [settings.strict]
            type = "boolean"
            default = true
            """);

        Find().Manifest.Should().BeEquivalentTo(new PluginManifest
        {
            Id = "cni",
            Version = "1.2.3",
            Api = new Version(0, 1),
            Assembly = "Orlop.Cni.dll",
            Kinds = ["network", "hook"],
            Os = ["linux"],
            Arch = ["x64", "arm64"],
            Vendor = "Acme",
            Licence = "MIT",
            Description = "Networks.",
            Settings =
            [
                new SettingDeclaration("conf_folder", SettingKind.String, "/etc/cni/net.d", "Where conflists are."),
                new SettingDeclaration("bin_folders", SettingKind.Strings, new[] { "/opt/cni/bin" }, ""),
                new SettingDeclaration("retries", SettingKind.Integer, 0L, ""),
                new SettingDeclaration("strict", SettingKind.Boolean, true, ""),
            ],
        });
    }

    [Fact]
    public void Everything_that_is_wrong_in_a_manifest_is_in_the_reason()
    {
        _folder.Write("x/plugin.toml", """
            id = "X"
            version = "1"
            api = "one"
            assembly = "../x.dll"
            kinds = ["netwrok"]
            lisence = "MIT"
            [settings.enabled]
            [settings.required]
            [settings.n]
            type = "number"
            """);

        string[] reasons = Find().Obstacle!.Message.Replace(_folder.Path, "", StringComparison.Ordinal).Split("; /");

        reasons.Should().HaveCount(8);
        reasons[0].Should().Be("/x/plugin.toml:1: id is the string \"X\"; expected 1 to 64 lower-case letters, digits, '-' and '.', beginning with a letter or digit");
        reasons[1].Should().Contain("plugin.toml:3: api is the string \"one\"");
        reasons[2].Should().Contain("plugin.toml:4: assembly is the string \"../x.dll\"");
        reasons[3].Should().Contain("plugin.toml:5: kinds is the string \"netwrok\"; \"netwrok\" is not known; did you mean 'network'?");
        reasons[4].Should().Contain("unknown key 'lisence'; did you mean 'licence'?");
        reasons[5].Should().Contain("the setting 'enabled' is the host's own");
        reasons[6].Should().Contain("the setting 'required' is the host's own");
        reasons[7].Should().Contain("settings.n.type is the string \"number\"");
    }

    [Fact]
    public void Missing_keys_are_named()
    {
        _folder.Write("x/plugin.toml", "id = \"x\"\n");

        Find().Obstacle!.Message.Should().Contain("'version' is missing").And.Contain("'api' is missing").And.Contain("'assembly' is missing").And.Contain("'kinds' is missing");
    }

    [Fact]
    public void A_folder_without_a_manifest_is_shown_as_failed()
    {
        Directory.CreateDirectory(_folder.File("x"));
        Directory.CreateDirectory(_folder.File(".hidden"));

        Find().Obstacle.Should().BeEquivalentTo(new { State = PluginState.Failed, Message = $"{_folder.File("x/plugin.toml")} does not exist; a plugin's folder holds its manifest, its assembly and its libraries" });
    }

    [Fact]
    public void The_id_equals_the_name_of_the_folder()
    {
        _plugins.AddManifest("folder", manifestId: "other");

        Find().Obstacle!.Message.Should().Be("the manifest's id is 'other', but the folder is named 'folder'; rename the folder to 'other'");
    }

    [Fact]
    public void A_plugin_for_another_system_is_skipped()
    {
        _plugins.AddManifest("hcs", os: "[\"windows\"]");

        Find().Obstacle.Should().BeEquivalentTo(new { State = PluginState.Skipped, Message = "is for windows; this machine runs linux" });
    }

    [Fact]
    public void An_id_that_is_there_twice_loads_neither()
    {
        new PluginFolderBuilder(_folder.File("a")).AddManifest("p");
        new PluginFolderBuilder(_folder.File("b")).AddManifest("p");

        var found = PluginDiscovery.Find([_folder.File("a"), _folder.File("b"), _folder.File("missing")]);

        found.Should().HaveCount(2).And.OnlyContain(plugin =>
            plugin.Obstacle!.Message == $"the plugin id 'p' is there 2 times: {_folder.File("a/p")} and {_folder.File("b/p")}; remove all but one");
    }

    [Theory]
    [InlineData("p")]
    [InlineData("p/plugin.toml")]
    [InlineData(".")]
    public void What_others_can_write_is_refused_with_the_command_that_repairs_it(string what)
    {
        _plugins.AddManifest("p");
        string path = Path.GetFullPath(_folder.File(what));
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupWrite);

        var obstacle = Find().Obstacle;

        obstacle!.State.Should().Be(PluginState.Failed);
        obstacle.Message.Should().StartWith($"{path} is writable by others (mode 0").And.Contain("; run: chmod go-w ").And.Contain(_folder.Path);
    }

    [Fact]
    public void A_link_out_of_the_folder_is_refused()
    {
        string folder = _plugins.AddManifest("p");
        string elsewhere = _folder.Write("elsewhere/x.dll", "x");
        File.CreateSymbolicLink(Path.Combine(folder, "x.dll"), elsewhere);

        Find("p").Obstacle!.Message.Should().StartWith($"{folder}/x.dll is a link to {elsewhere}, out of the plugin's folder");
    }

    [Fact]
    public void The_settings_of_plugins_are_checked_without_loading_them()
    {
        _plugins.AddManifest("cni", settings: "[settings.conf_folder]\n[settings.retries]\ntype = \"integer\"\ndefault = 3\n");
        string file = _folder.Write("config.toml", "[plugins.cni]\nconf_fodler = \"/x\"\nretries = \"many\"\n[plugins.cin]\n");
        var loaded = new ConfigLoader(file).Load();
        var settings = new List<ConfigSetting>();

        PluginConfigCheck.Check(loaded.Config, PluginDiscovery.Find([_folder.Path]), loaded.Errors, settings);

        loaded.Errors.All.Select(error => error.ToString()).Should().Equal(
            $"{file}:2: unknown key 'plugins.cni.conf_fodler'; did you mean 'conf_folder'?",
            $"{file}:3: plugins.cni.retries is the string \"many\"; expected an integer, for example retries = 3",
            $"{file}:4: [plugins.cin] configures a plugin that is in none of plugin_folders; did you mean 'cni'?");
        settings.Should().Contain(new ConfigSetting("plugins.cni.retries", "3", Origin.Default));
    }

    private PluginFolder Find() => PluginDiscovery.Find([_folder.Path]).Should().ContainSingle().Subject;

    private PluginFolder Find(string id) => PluginDiscovery.Find([_folder.Path]).Single(plugin => plugin.Id == id);
}
