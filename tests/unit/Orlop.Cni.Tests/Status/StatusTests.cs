using System.Diagnostics;
using Orlop.Abstractions.Networking;
using Orlop.Cni.Tests.Support;
using Orlop.Testing;

namespace Orlop.Cni.Tests.Status;

public sealed class StatusTests : NodeTest
{
    public StatusTests() => Node.WritePlugin("alpha");

    private NetworkStatus Now => Node.Network.Status;

    [Fact]
    public async Task Without_a_configuration_the_network_is_not_ready_and_the_message_names_the_folder()
    {
        await Node.StartAsync();

        Now.Ready.Should().BeFalse();
        Now.Reason.Should().Be("NetworkPluginNotReady");
        Now.Message.Should().Contain(Node.ConfFolder).And.Contain(".conflist");
    }

    [Fact]
    public async Task A_configuration_that_appears_makes_the_network_ready()
    {
        await Node.StartAsync();

        Node.WriteList("1.0.0", "alpha");

        await Eventually.PassesAsync(() => Now.Ready.Should().BeTrue("the folder is watched"));
    }

    [Fact]
    public async Task A_folder_that_appears_later_is_found_and_then_watched()
    {
        Directory.Delete(Node.ConfFolder);
        await Node.StartAsync();
        Now.Message.Should().Contain("does not exist");

        Directory.CreateDirectory(Node.ConfFolder);
        Node.WriteList("1.0.0", "alpha");
        await Eventually.PassesAsync(() => Now.Ready.Should().BeTrue("the folder is looked for every 2 s"));

        File.Delete(Path.Combine(Node.ConfFolder, "10-test.conflist"));
        await Eventually.PassesAsync(() => Now.Ready.Should().BeFalse("the folder is watched by now"), Deadline.Seconds(5));
    }

    [Fact]
    public async Task A_file_that_sorts_first_takes_over()
    {
        Node.WriteList("1.0.0", "alpha");
        await Node.StartAsync();

        Node.WriteConfiguration("""{"cniVersion":"1.0.0","name":"first","plugins":[{"type":"missing"}]}""", "00-first.conflist");

        await Eventually.PassesAsync(() => Now.Ready.Should().BeFalse("the new network lacks its program"));
        Now.Message.Should().Contain("'first'").And.Contain("'missing'").And.Contain(Node.BinFolder).And.Contain("00-first.conflist");
    }

    [Fact]
    public async Task A_program_that_appears_makes_the_network_ready()
    {
        Node.WriteList("1.0.0", "beta");
        await Node.StartAsync();
        Now.Ready.Should().BeFalse();

        Node.WritePlugin("beta");

        await Eventually.PassesAsync(() => Now.Ready.Should().BeTrue("programs are looked for every 2 s"));
    }

    [Fact]
    public async Task A_broken_file_is_skipped_and_named()
    {
        Node.WriteConfiguration("{", "00-broken.conflist");
        Node.WriteList("1.0.0", "alpha");
        await Node.StartAsync();

        Now.Ready.Should().BeTrue();
        Now.Message.Should().Contain("00-broken.conflist").And.Contain("not JSON");
        Node.Log.Lines.Should().ContainSingle(line => line.Text.Contains("00-broken.conflist"));
    }

    [Fact]
    public async Task Only_broken_files_make_a_network_that_is_not_ready_with_each_error()
    {
        Node.WriteConfiguration("{", "00-broken.conflist");
        Node.WriteConfiguration("""{"name":"x"}""", "01-empty.json");
        await Node.StartAsync();

        Now.Ready.Should().BeFalse();
        Now.Message.Should().Contain("00-broken.conflist: not JSON").And.Contain("01-empty.json: the network has no 'plugins'");
    }

    [Fact]
    public async Task Since_1_1_0_plugins_say_whether_they_are_ready()
    {
        Node.WriteList("1.1.0", "alpha");
        Node.WritePlugin("alpha", status: $"[ -e {Node.Root}/up ] && exit 0; {Node.Error(50, "agent is down")}");
        await Node.StartAsync();
        Now.Ready.Should().BeFalse();
        Now.Message.Should().Contain("'alpha'").And.Contain("agent is down").And.Contain("50");

        File.WriteAllText(Path.Combine(Node.Root, "up"), "");

        await Eventually.PassesAsync(() => Now.Ready.Should().BeTrue("the plugin is asked again"));
        Node.Input("alpha", "STATUS").GetRawText().Should().Be("""{"cniVersion":"1.1.0","name":"net","type":"alpha"}""");
    }

    [Fact]
    public async Task Older_versions_are_not_asked()
    {
        Node.WriteList("1.0.0", "alpha");
        Node.WritePlugin("alpha", status: "exit 1");
        await Node.StartAsync();

        Now.Ready.Should().BeTrue();
        Node.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task A_plugin_that_hangs_on_status_delays_the_start_by_seconds_only()
    {
        Node.WriteList("1.1.0", "alpha");
        Node.WritePlugin("alpha", status: "sleep 1000");
        var watch = Stopwatch.StartNew();

        await Node.StartAsync();

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30));
        Now.Ready.Should().BeFalse();
        Now.Message.Should().Contain("not answered");
        (await Node.AttachAsync("s1")).Addresses.Should().ContainSingle("a status keeps no pod from being attached");
    }
}
