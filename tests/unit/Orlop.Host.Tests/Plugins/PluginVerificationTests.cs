using System.Text.Json;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Plugins;
using Orlop.Host.Configuration;
using Orlop.Host.Hosting;
using Orlop.Host.Plugins;
using Orlop.Host.Tests.Support;
using Orlop.Testing.Plugins;

namespace Orlop.Host.Tests.Plugins;

public sealed class PluginVerificationTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PluginFolderBuilder _plugins;

    public PluginVerificationTests() => _plugins = new PluginFolderBuilder(Directory.CreateDirectory(_folder.File("plugins")).FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_good_plugin_passes_every_step_and_shows_what_it_gives()
    {
        var (code, output) = await RunAsync(_plugins.Add("good", typeof(GoodModule)));

        code.Should().Be(0);
        output.Should().Be("""
            ok    folder        nobody else can write to its files
            ok    manifest      plugin.toml has no error and names its folder
            ok    machine       it is for this operating system and processor
            ok    settings      its settings are as it declares them
            ok    assemblies    built for versions that this host gives, none of the host's own among them
            ok    dependencies  every library that its .deps.json names is there
            ok    types         its assembly loads, with all its types
            ok    module        it registers its parts
            ok    plug points   they can be made and are those of the manifest
            plugin 'good' 1.2.3 is good; it gives: network good

            """);
    }

    [Fact]
    public async Task A_bad_one_stops_at_the_step_that_fails()
    {
        var (code, output) = await RunAsync(_plugins.AddManifest("p"));

        code.Should().Be(1);
        output.Split('\n')[4..].Should().Equal($"FAIL  assemblies    {_plugins.Root}/p/Test.Plugin.dll does not exist, which plugin.toml names as its assembly", "plugin 'p' would be Failed", "");
    }

    [Fact]
    public async Task As_JSON_it_is_one_object_with_every_step()
    {
        var (code, output) = await RunAsync(_plugins.Add("bad", typeof(ThrowingModule)), "--json");

        code.Should().Be(1);
        using var json = JsonDocument.Parse(output);
        json.RootElement.EnumerateObject().Select(property => property.Name).Should().Equal("id", "version", "folder", "state", "reason", "kinds", "capabilities", "steps");
        json.RootElement.GetProperty("reason").GetString().Should().Be("InvalidOperationException: libexample is missing");
        json.RootElement.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("name").GetString()} {step.GetProperty("passed").GetRawText()}").Should().Equal(
            "folder true", "manifest true", "machine true", "settings true", "assemblies true", "dependencies true", "types true", "module false", "plug points null");
    }

    [Fact]
    public async Task A_plugin_that_cannot_work_on_this_machine_is_no_error()
    {
        (await RunAsync(_plugins.Add("bad", typeof(SkippingModule)))).Should().Match<(int Code, string Output)>(result =>
            result.Code == 0 && result.Output.Contains("skip  module        the kernel has no erofs\nplugin 'bad' is skipped on this machine"));
        (await RunAsync(_plugins.AddManifest("hcs", os: "[\"windows\"]"))).Code.Should().Be(0);
    }

    [Fact]
    public async Task What_is_no_plugins_folder_is_refused()
    {
        await this.Awaiting(test => test.RunAsync(_folder.File("nowhere"))).Should().ThrowAsync<RuntimeException>().WithMessage($"{_folder.File("nowhere")} is no folder; give the folder that holds plugin.toml and the assembly");
    }

    [Theory]
    [InlineData(typeof(GoodModule), "\"network\", \"hook\"", "plugin.toml says that it gives a lifecycle hook, but its module registers none; register it As<ILifecycleHook>(), or take \"hook\" out of kinds")]
    [InlineData(typeof(GoodModule), "", "its module gives the network 'good', but kinds in plugin.toml has no \"network\"; add it")]
    [InlineData(typeof(NamelessModule), "\"network\"", "Orlop.Host.Tests.Plugins.NamedNetwork has no name; configuration refers to it by its Name")]
    [InlineData(typeof(TwiceModule), "\"network\"", "its module gives the network 'same' 2 times; give each a Name of its own")]
    public async Task Plug_points_are_what_the_manifest_says(Type module, string kinds, string reason)
    {
        var verdict = await VerifyAsync(_plugins.Add("p", module, kinds: kinds));

        verdict.Plugin.Should().BeEquivalentTo(new { State = PluginState.Failed, Reason = reason });
        verdict.Reached.Should().Be(PluginStep.PlugPoints);
    }

    [Fact]
    public async Task It_gets_the_settings_of_a_configuration()
    {
        string plugin = _plugins.Add("borrower", typeof(BorrowingModule), settings: "[settings.name]\ndefault = \"unnamed\"\n");

        (await VerifyAsync(plugin)).Plugin.Capabilities.Should().Equal("network unnamed");
        (await VerifyAsync(plugin, "[plugins.borrower]\nname = \"lent\"\n")).Plugin.Capabilities.Should().Equal("network lent");
        (await VerifyAsync(plugin, "[plugins.borrower]\nnmae = \"lent\"\n")).Should().Match<PluginVerdict>(verdict => verdict.Reached == PluginStep.Settings && verdict.Plugin.Reason.EndsWith("did you mean 'name'?"));
    }

    [Fact]
    public async Task Its_services_are_not_started() =>
        (await VerifyAsync(_plugins.Add("p", typeof(FailingServiceModule)))).IsGood.Should().BeTrue("only a start would fail");

    private async Task<(int Code, string Output)> RunAsync(string plugin, params string[] options)
    {
        using var output = new StringWriter();
        int code = await PluginCommands.VerifyAsync(CommandLine.Parse(["plugins", "verify", plugin, .. options]), output);
        return (code, output.ToString());
    }

    private Task<PluginVerdict> VerifyAsync(string plugin, string config = "") =>
        PluginVerification.RunAsync(plugin, new ConfigLoader(_folder.Write("config.toml", config)).Load().Config, TimeProvider.System);
}
