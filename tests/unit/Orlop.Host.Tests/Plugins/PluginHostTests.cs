using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Plugins;
using Orlop.Host.Configuration;
using Orlop.Host.Engine.Events;
using Orlop.Host.Plugins;
using Orlop.Host.State;
using Orlop.Host.Tests.Support;
using Orlop.Testing.Plugins;

namespace Orlop.Host.Tests.Plugins;

public sealed class PluginHostTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RecordingLogs _logs = new();
    private readonly EventBus _events = new();
    private readonly PluginFolderBuilder _plugins;
    private RecordDatabase _database = null!;
    private PluginHost? _host;

    public PluginHostTests() => _plugins = new PluginFolderBuilder(Directory.CreateDirectory(_folder.File("plugins")).FullName);

    public Task InitializeAsync()
    {
        _database = new RecordDatabase(_folder.File("state.db"), TimeProvider.System, _logs.For<RecordDatabase>());
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(default);
            await _host.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    public void Dispose()
    {
        _folder.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task A_plugin_gives_its_plug_points_by_name()
    {
        _plugins.Add("good", typeof(GoodModule));

        var points = await LoadAsync();

        points.Networks.Get("good").Name.Should().Be("good");
        points.Networks.Invoking(n => n.Get("godo")).Should().Throw<RuntimeException>().WithMessage("no plugin gives the network 'godo'; known: good");
        Info("good").Should().BeEquivalentTo(new { State = PluginState.Active, Version = "1.2.3", Reason = "", Capabilities = new[] { "network good" } });
    }

    [Fact]
    public async Task A_plugin_is_lent_its_settings_folders_records_log_clock_and_events()
    {
        _plugins.Add("borrower", typeof(BorrowingModule), settings: "[settings.name]\ndefault = \"unnamed\"\n");
        using var cancellation = new CancellationTokenSource();
        await using var seen = _events.ReadAsync(cancellation.Token).GetAsyncEnumerator(default);

        var points = await LoadAsync("[plugins.borrower]\nname = \"lent\"\n");

        points.Networks.Names.Should().Equal("lent");
        (await new RecordStore(_database, "plugin/borrower").GetAsync("started", default)).Should().Equal(BitConverter.GetBytes(2026));
        (await seen.MoveNextAsync()).Should().BeTrue();
        seen.Current.SandboxId.Should().Be("borrower");
        _logs.Lines.Should().Contain(new RecordingLogs.Line("borrower/BorrowingNetwork", LogLevel.Information, $"hello from {_folder.File("root/plugins/borrower")}"));
        Directory.Exists(_folder.File("run/plugins/borrower")).Should().BeTrue();
        _host!.Catalog.Settings.Should().ContainSingle().Which.Should().Match<ConfigSetting>(s => s.Key == "plugins.borrower.name" && s.Value == "\"lent\"");

        await _host.StopAsync(default);
        _logs.Lines.Should().Contain(line => line.Message == "stopped");
    }

    [Theory]
    [InlineData(typeof(ThrowingModule), PluginState.Failed, "InvalidOperationException: libexample is missing")]
    [InlineData(typeof(SkippingModule), PluginState.Skipped, "the kernel has no erofs")]
    [InlineData(typeof(BrokenConstructorModule), PluginState.Failed, "InvalidOperationException: no /etc/cni/net.d")]
    [InlineData(typeof(FailingServiceModule), PluginState.Failed, "FailingService did not start: InvalidOperationException: the watch could not be set")]
    [InlineData(typeof(string), PluginState.Failed, "System.String in Test.Plugin is not derived from PluginModule")]
    public async Task A_broken_plugin_costs_only_itself(Type module, PluginState state, string reason)
    {
        _plugins.Add("bad", module);
        _plugins.Add("good", typeof(GoodModule));

        var points = await LoadAsync();

        points.Networks.Names.Should().Equal("good");
        Info("bad").Should().BeEquivalentTo(new { State = state, Reason = reason });
        Info("good").State.Should().Be(PluginState.Active);
    }

    [Theory]
    [InlineData(typeof(HangingModule), "did not load within 5 s (plugin_load_timeout): it hangs in its module; repair it, or switch it off with plugins.hanging.enabled = false")]
    [InlineData(typeof(HangingServiceModule), "HangingService did not start: it hangs in StartAsync for more than 5 s (plugin_load_timeout)")]
    public async Task A_plugin_that_hangs_is_given_up_after_the_deadline(Type module, string reason)
    {
        _plugins.Add("hanging", module);
        _plugins.Add("good", typeof(GoodModule));

        var points = await LoadAsync("plugin_load_timeout = 5\n");

        points.Networks.Names.Should().Equal("good");
        Info("hanging").Should().BeEquivalentTo(new { State = PluginState.Failed, Reason = reason });
    }

    [Fact]
    public async Task Two_plugins_that_give_the_same_plug_point_are_both_refused_with_both_names()
    {
        _plugins.Add("one", typeof(GoodModule));
        _plugins.Add("two", typeof(GoodModule));

        var points = await LoadAsync();

        points.Networks.Names.Should().BeEmpty();
        Info("one").Should().BeEquivalentTo(Info("two"), options => options.Excluding(info => info.Id).Excluding(info => info.Folder));
        Info("one").Reason.Should().StartWith("the network good is given by 'one' (").And.Contain("'two' (");
    }

    [Fact]
    public async Task A_plugin_can_be_switched_off()
    {
        _plugins.Add("good", typeof(GoodModule));

        (await LoadAsync("[plugins.good]\nenabled = false\n")).Networks.Names.Should().BeEmpty();

        Info("good").State.Should().Be(PluginState.Disabled);
    }

    [Fact]
    public async Task A_plugin_with_wrong_settings_is_not_loaded()
    {
        _plugins.Add("borrower", typeof(BorrowingModule), settings: "[settings.name]\ntype = \"string\"\n");

        await LoadAsync("[plugins.borrower]\nnmae = \"x\"\n");

        Info("borrower").State.Should().Be(PluginState.Failed);
        Info("borrower").Reason.Should().EndWith("config.toml:5: unknown key 'plugins.borrower.nmae'; did you mean 'name'?");
    }

    [Fact]
    public async Task The_attribute_and_the_manifest_agree_on_the_id()
    {
        _plugins.Add("good", typeof(GoodModule), attributeId: "other");

        await LoadAsync();

        Info("good").Reason.Should().Be("Test.Plugin says that it is the plugin 'other', its manifest says 'good'; give both the same id");
    }

    [Fact]
    public async Task A_missing_library_shows_at_load()
    {
        string folder = _plugins.Add("good", typeof(GoodModule));
        PluginFolderBuilder.WriteDependencies(folder, """ "Lib/1.0.0": { "runtime": { "lib/net10.0/Lib.dll": {} } } """);

        await LoadAsync();

        Info("good").Should().BeEquivalentTo(new { State = PluginState.Failed, Reason = $"Test.Plugin.deps.json names libraries that are not in {folder}: lib/net10.0/Lib.dll" });
    }

    [Theory] // the runtime's resolver would end the process
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{ "targets": { "t": {} }, "libraries": {} }""")]
    [InlineData("""{ "runtimeTarget": { "name": null }, "targets": {}, "libraries": {} }""")]
    [InlineData("""{ "runtimeTarget": "t", "targets": { "t": {} }, "libraries": { "a/1": { "type": 3 } } }""")]
    [InlineData("""{ "runtimeTarget": "t", "targets": { "t": { "a/1": { "runtimeTargets": { "x.so": {} } } } }, "libraries": {} }""")]
    public async Task A_broken_dependency_file_does_not_take_the_host_down(string text)
    {
        string folder = _plugins.Add("bad", typeof(GoodModule));
        File.WriteAllText(Path.Combine(folder, "Test.Plugin.deps.json"), text);

        (await LoadAsync()).Networks.Names.Should().BeEmpty();

        Info("bad").Reason.Should().StartWith($"{folder}/Test.Plugin.deps.json is no dependency file of .NET: ");
    }

    [Fact]
    public async Task What_the_configuration_names_and_nobody_gives_is_reported_with_the_plugin_that_failed_to()
    {
        _plugins.Add("cni", typeof(ThrowingModule));
        var points = await LoadAsync("[network]\nplugin = \"cni\"\n");

        var missing = RequiredPlugPoints.FindMissing(Config("[network]\nplugin = \"cni\"\n").Config, points, _host!.Catalog);

        missing.Should().HaveCount(4);
        missing.Single(point => point.Kind == PluginKind.Network).Message.Should().Be(
            "network.plugin = \"cni\": no active plugin gives this network; none is known; plugin 'cni' is Failed: InvalidOperationException: libexample is missing");
    }

    [Theory]
    [InlineData("good", null)]
    [InlineData("bad", "plugin 'bad' is required and Failed: InvalidOperationException: libexample is missing; repair it and restart orlopd, or take plugins.bad.required out of the configuration")]
    [InlineData("odd", "plugin 'odd' is required and Skipped: the kernel has no erofs; repair it and restart orlopd, or take plugins.odd.required out of the configuration")]
    [InlineData("absent", "plugin 'absent' is required and in none of plugin_folders (PLUGINS); install it and restart orlopd, or take plugins.absent.required out of the configuration")]
    public async Task A_required_plugin_that_is_not_active_is_named_with_the_reason_and_what_to_do(string id, string? problem)
    {
        _plugins.Add("good", typeof(GoodModule));
        _plugins.Add("bad", typeof(ThrowingModule));
        _plugins.Add("odd", typeof(SkippingModule));
        string config = $"[plugins.{id}]\nrequired = true\n";

        await LoadAsync(config);

        RequiredPlugins.Of(Config(config).Config, _host!.Catalog).Problems.Should().Equal(problem is null ? [] : [problem.Replace("PLUGINS", _plugins.Root, StringComparison.Ordinal)]);
    }

    private async Task<PlugPoints> LoadAsync(string config = "")
    {
        _host = new PluginHost(Config(config), _database, _events, TimeProvider.System, _logs);
        await _host.StartAsync(default);
        return await _host.Ready;
    }

    private LoadedConfig Config(string text) => new ConfigLoader(_folder.Write("config.toml", $"""
        root = "{_folder.File("root")}"
        state = "{_folder.File("run")}"
        plugin_folders = ["{_plugins.Root}"]
        {text}
        """)).Load().ThrowIfWrong();

    private PluginInfo Info(string id) => _host!.Catalog.Plugins.Single(plugin => plugin.Id == id);
}
