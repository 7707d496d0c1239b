using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Host.Configuration;
using Orlop.Host.Tests.Support;

namespace Orlop.Host.Tests.Configuration;

public sealed class ConfigLoaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_empty_file_gives_the_defaults()
    {
        var loaded = Load("");

        loaded.Errors.All.Should().BeEmpty();
        loaded.Config.Socket.Should().Be("/run/orlop/orlop.sock");
        loaded.Config.Root.Should().Be("/var/lib/orlop");
        loaded.Config.Handlers.Should().ContainKey("default").WhoseValue.Should().Be(new HandlerConfig { Backend = "linux-native", Snapshotter = "overlay" });
        loaded.Config.Network.Plugin.Should().Be("cni");
        loaded.Config.Images.Source.Should().Be("registry");
        loaded.Config.Log.Level.Should().Be(LogLevel.Information);
        loaded.Settings.Should().OnlyContain(setting => setting.Origin == Origin.Default);
    }

    [Fact]
    public void An_explicit_file_that_is_missing_is_an_error()
    {
        var loaded = new ConfigLoader(_folder.File("none.toml")).Load();

        loaded.Errors.All.Select(e => e.ToString()).Should().Equal($"{_folder.File("none.toml")}: this file of --config does not exist; create it, an empty one is enough, or leave --config out");
    }

    [Fact]
    public void Every_error_is_shown_at_once_with_its_line_and_the_next_step()
    {
        var loaded = Load("""
            sokcet = "/x"
            socket_gid = -1
            root = "relative"
            state = 5
            default_handler = "defautl"
            [log]
            level = "inf"
            formt = "json"
            [handlers.Bad_Name]
            backend = ""
            [network]
            plugin = ["cni"]
            [plugins]
            cni = 3
            """);

        Messages(loaded).Should().Equal(
            "config.toml:1: unknown key 'sokcet'; did you mean 'socket'?",
            "config.toml:2: socket_gid is the integer -1; expected a group id from 0 to 4294967294; getent group shows the ids of groups",
            "config.toml:3: root is the string \"relative\"; expected an absolute path: write \"/relative\" or another path from the root",
            "config.toml:4: state is the integer 5; expected a string, for example state = \"/run/orlop\"",
            "config.toml:5: default_handler is \"defautl\", which is no handler; did you mean 'default'?",
            "config.toml:7: log.level is the string \"inf\"; expected one of \"trace\", \"debug\", \"info\", \"warning\", \"error\"",
            "config.toml:8: unknown key 'log.formt'; did you mean 'format'?",
            "config.toml:9: [handlers.Bad_Name]: a handler's name has 1 to 63 lower-case letters, digits and inner '-', as RuntimeClass.handler wants it",
            "config.toml:10: handlers.Bad_Name.backend is the string \"\"; expected the name of a plug point; orlop plugins lists them",
            "config.toml:12: network.plugin is an array of 1; expected a string, for example plugin = \"cni\"",
            "config.toml:14: plugins.cni is the integer 3; expected a table: write [plugins.cni]");
        loaded.Invoking(l => l.ThrowIfWrong()).Should().Throw<RuntimeException>().Which.Message.Split('\n').Should().HaveCount(11);
    }

    [Fact]
    public void A_plugin_is_required_and_enabled() =>
        Messages(Load("[plugins.acme-policy]\nenabled = false\nrequired = true")).Should().Equal("config.toml:3: plugins.acme-policy is required and not enabled; take one of the two out");

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void A_plugin_has_a_time_to_load(long seconds) =>
        Messages(Load($"plugin_load_timeout = {seconds}")).Should().Equal($"config.toml:1: plugin_load_timeout is the integer {seconds}; expected 1 to 3600 seconds");

    [Fact]
    public void A_socket_path_that_the_kernel_cannot_take_is_an_error()
    {
        string path = "/" + new string('s', 107);

        Messages(Load($"socket = \"{path}\"")).Should().ContainSingle().Which.Should().Contain("at most 107 bytes").And.Contain("this has 108");
    }

    [Fact]
    public void Drop_ins_win_key_by_key_in_lexical_order()
    {
        _folder.Write("conf.d/20-b.toml", "socket_gid = 20\n");
        _folder.Write("conf.d/10-a.toml", "socket_gid = 10\n[handlers.default]\nsnapshotter = \"copy\"\n[handlers.kata]\nbackend = \"kata\"\n");
        _folder.Write("conf.d/ignored.txt", "nonsense");

        var loaded = Load("socket_gid = 1\nroot = \"/srv/orlop\"\n[handlers.default]\nbackend = \"other\"\n");

        loaded.Errors.All.Should().BeEmpty();
        loaded.Files.Select(Path.GetFileName).Should().Equal("config.toml", "10-a.toml", "20-b.toml");
        loaded.Config.SocketGid.Should().Be(20);
        loaded.Config.Handlers["default"].Should().Be(new HandlerConfig { Backend = "other", Snapshotter = "copy" });
        loaded.Config.Handlers["kata"].Should().Be(new HandlerConfig { Backend = "kata", Snapshotter = "overlay" });
        OriginOf(loaded, "socket_gid").Should().Be("20-b.toml:1");
        OriginOf(loaded, "root").Should().Be("config.toml:2");
        OriginOf(loaded, "handlers.default.backend").Should().Be("config.toml:4");
        OriginOf(loaded, "handlers.default.snapshotter").Should().Be("10-a.toml:3");
        OriginOf(loaded, "handlers.kata.snapshotter").Should().Be("default");
    }

    [Fact]
    public void The_flag_wins_over_every_file()
    {
        _folder.Write("config.toml", "[log]\nlevel = \"error\"\n");

        var loaded = new ConfigLoader(_folder.File("config.toml"), logLevel: "debug").Load();

        loaded.Config.Log.Level.Should().Be(LogLevel.Debug);
        OriginOf(loaded, "log.level").Should().Be("--log-level");
    }

    [Fact]
    public void Root_and_state_are_two_folders() =>
        Messages(Load("root = \"/x\"\nstate = \"/x\"")).Should().ContainSingle().Which.Should().StartWith("config.toml:2: root and state are both \"/x\"");

    [Theory]
    [InlineData("sokcet", "socket")]
    [InlineData("snapshoter", "snapshotter")]
    [InlineData("stat", "state")]
    [InlineData("completely-else", null)]
    public void The_nearest_key_is_the_one_that_was_meant(string mistyped, string? expected) =>
        NearestKey.Find(mistyped, ["socket", "socket_gid", "state", "root", "snapshotter"]).Should().Be(expected);

    private LoadedConfig Load(string text) => new ConfigLoader(_folder.Write("config.toml", text)).Load();

    private List<string> Messages(LoadedConfig loaded) => [.. loaded.Errors.All.Select(error => error.ToString().Replace(_folder.Path + "/config.toml", "config.toml", StringComparison.Ordinal))];

    private static string OriginOf(LoadedConfig loaded, string key) => Path.GetFileName(loaded.Settings.Single(setting => setting.Key == key).Origin.ToString());
}
