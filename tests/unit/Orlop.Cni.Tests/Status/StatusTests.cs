using System.Diagnostics;
using Orlop.Abstractions.Networking;
using Orlop.Cni.Tests.Support;

namespace Orlop.Cni.Tests.Status;

public sealed class StatusTests : IAsyncLifetime
{
    private readonly Node _node = new();

    public Task InitializeAsync()
    {
        _node.WritePlugin("alpha");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _node.Log.Errors.Should().BeEmpty();
        await _node.DisposeAsync();
    }

    private NetworkStatus Now => _node.Network.Status;

    [Fact]
    public async Task Without_a_configuration_the_network_is_not_ready_and_the_message_names_the_folder()
    {
        await _node.StartAsync();

        Now.Ready.Should().BeFalse();
        Now.Reason.Should().Be("NetworkPluginNotReady");
        Now.Message.Should().Contain(_node.ConfFolder).And.Contain(".conflist");
    }

    [Fact]
    public async Task A_configuration_that_appears_makes_the_network_ready()
    {
        await _node.StartAsync();

        _node.WriteList("1.0.0", "alpha");

        await Eventually.BecomesTrueAsync(() => Now.Ready, "the folder is watched");
    }

    [Fact]
    public async Task A_folder_that_appears_later_is_found_and_then_watched()
    {
        Directory.Delete(_node.ConfFolder);
        await _node.StartAsync();
        Now.Message.Should().Contain("does not exist");

        Directory.CreateDirectory(_node.ConfFolder);
        _node.WriteList("1.0.0", "alpha");
        await Eventually.BecomesTrueAsync(() => Now.Ready, "the folder is looked for every 2 s");

        File.Delete(Path.Combine(_node.ConfFolder, "10-test.conflist"));
        await Eventually.BecomesTrueAsync(() => !Now.Ready, "the folder is watched by now", seconds: 5);
    }

    [Fact]
    public async Task A_file_that_sorts_first_takes_over()
    {
        _node.WriteList("1.0.0", "alpha");
        await _node.StartAsync();

        _node.WriteConfiguration("""{"cniVersion":"1.0.0","name":"first","plugins":[{"type":"missing"}]}""", "00-first.conflist");

        await Eventually.BecomesTrueAsync(() => !Now.Ready, "the new network lacks its program");
        Now.Message.Should().Contain("'first'").And.Contain("'missing'").And.Contain(_node.BinFolder).And.Contain("00-first.conflist");
    }

    [Fact]
    public async Task A_program_that_appears_makes_the_network_ready()
    {
        _node.WriteList("1.0.0", "beta");
        await _node.StartAsync();
        Now.Ready.Should().BeFalse();

        _node.WritePlugin("beta");

        await Eventually.BecomesTrueAsync(() => Now.Ready, "programs are looked for every 2 s");
    }

    [Fact]
    public async Task A_broken_file_is_skipped_and_named()
    {
        _node.WriteConfiguration("{", "00-broken.conflist");
        _node.WriteList("1.0.0", "alpha");
        await _node.StartAsync();

        Now.Ready.Should().BeTrue();
        Now.Message.Should().Contain("00-broken.conflist").And.Contain("not JSON");
        _node.Log.Lines.Should().ContainSingle(line => line.Text.Contains("00-broken.conflist"));
    }

    [Fact]
    public async Task Only_broken_files_make_a_network_that_is_not_ready_with_each_error()
    {
        _node.WriteConfiguration("{", "00-broken.conflist");
        _node.WriteConfiguration("""{"name":"x"}""", "01-empty.json");
        await _node.StartAsync();

        Now.Ready.Should().BeFalse();
        Now.Message.Should().Contain("00-broken.conflist: not JSON").And.Contain("01-empty.json: the network has no 'plugins'");
    }

    [Fact]
    public async Task Since_1_1_0_plugins_say_whether_they_are_ready()
    {
        _node.WriteList("1.1.0", "alpha");
        _node.WritePlugin("alpha", status: $"[ -e {_node.Root}/up ] && exit 0; {Node.Error(50, "agent is down")}");
        await _node.StartAsync();
        Now.Ready.Should().BeFalse();
        Now.Message.Should().Contain("'alpha'").And.Contain("agent is down").And.Contain("50");

        File.WriteAllText(Path.Combine(_node.Root, "up"), "");

        await Eventually.BecomesTrueAsync(() => Now.Ready, "the plugin is asked again");
        _node.Input("alpha", "STATUS").GetRawText().Should().Be("""{"cniVersion":"1.1.0","name":"net","type":"alpha"}""");
    }

    [Fact]
    public async Task Older_versions_are_not_asked()
    {
        _node.WriteList("1.0.0", "alpha");
        _node.WritePlugin("alpha", status: "exit 1");
        await _node.StartAsync();

        Now.Ready.Should().BeTrue();
        _node.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task A_plugin_that_hangs_on_status_delays_the_start_by_seconds_only()
    {
        _node.WriteList("1.1.0", "alpha");
        _node.WritePlugin("alpha", status: "sleep 1000");
        var watch = Stopwatch.StartNew();

        await _node.StartAsync();

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30));
        Now.Ready.Should().BeFalse();
        Now.Message.Should().Contain("not answered");
        (await _node.AttachAsync("s1")).Addresses.Should().ContainSingle("a status keeps no pod from being attached");
    }
}
