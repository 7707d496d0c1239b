using Microsoft.Extensions.Time.Testing;
using Orlop.Abstractions.Errors;
using Orlop.Cni.Tests.Support;
using Orlop.Testing;

namespace Orlop.Cni.Tests.Attachments;

public sealed class GarbageTests : NodeTest
{
    public GarbageTests()
    {
        Node.WritePlugin("alpha");
        Node.WritePlugin("beta");
    }

    [Fact]
    public async Task Attachments_of_sandboxes_that_do_not_live_are_taken_down()
    {
        await AttachedAsync("1.0.0", "s1", "s2");

        await CollectAsync("s2");

        Calls().Should().Equal("DEL beta s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
        Node.Records.Keys.Should().Equal("attachment/s2");
    }

    [Fact]
    public async Task Since_1_1_0_plugins_collect_and_are_told_what_is_still_valid()
    {
        await AttachedAsync("1.1.0", "s1", "s2");

        await CollectAsync("s2");

        Calls().Should().Equal("DEL beta s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1", "GC alpha  ", "GC beta  ");
        foreach (string key in (string[])["cni.dev/valid-attachments", "cni.dev/attachments"])
        {
            Node.Input("beta", "GC").GetProperty(key).GetRawText().Should().Be("""[{"containerID":"s2","ifname":"eth0"}]""");
        }

        Node.Input("beta", "GC").GetProperty("name").GetString().Should().Be("net");
        Node.Input("beta", "GC").GetProperty("cniVersion").GetString().Should().Be("1.1.0");
    }

    [Fact]
    public async Task Without_attachments_the_list_of_valid_ones_is_empty_and_not_missing()
    {
        await AttachedAsync("1.1.0");

        await CollectAsync();

        Node.Input("alpha", "GC").GetProperty("cni.dev/valid-attachments").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Disable_gc_is_honoured()
    {
        Node.WriteConfiguration("""{"cniVersion":"1.1.0","name":"net","disableGC":true,"plugins":[{"type":"alpha"}]}""");
        await Node.StartAsync();

        await CollectAsync();

        Calls().Should().BeEmpty();
    }

    [Fact]
    public async Task A_collection_goes_on_after_a_failure_and_names_it()
    {
        await AttachedAsync("1.1.0");
        Node.WritePlugin("alpha", gc: Node.Error(100, "leases are locked"));

        await this.Awaiting(test => test.CollectAsync()).Should().ThrowAsync<RuntimeException>().WithMessage("*CNI GC of network net*'alpha'*leases are locked*");

        Calls().Should().Equal("GC alpha  ", "GC beta  ");
    }

    [Fact]
    public async Task What_was_collected_is_no_longer_owed()
    {
        await AttachedAsync("1.1.0", "s1");
        Node.WritePlugin("beta", del: Node.Error(999, "never works"));
        await Node.Network.DetachAsync("s1", null, Node.Phase, CancellationToken.None);
        Node.Records.Keys.Should().Equal("attachment/s1");

        await CollectAsync();

        Node.Input("alpha", "GC").GetProperty("cni.dev/valid-attachments").GetArrayLength().Should().Be(0);
        Node.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task What_a_plugin_of_another_network_owes_stays_owed()
    {
        await AttachedAsync("1.1.0", "s1");
        Node.RemovePlugin("beta");
        await Node.DetachAsync("s1");
        Node.WriteList("1.1.0", "alpha");
        await Node.StartAsync();

        await CollectAsync();

        Node.Records.Keys.Should().Equal("attachment/s1");
    }

    [Fact]
    public async Task A_collection_waits_for_running_attaches_and_spares_them()
    {
        await AttachedAsync("1.1.0");
        Node.WritePlugin("alpha", add: $"touch {Node.Root}/started; while [ ! -e {Node.Root}/go ]; do sleep 0.02; done; echo '{Node.Result("10.1.0.5/24")}'");
        Task attach = Node.AttachAsync("s1");
        await Eventually.PassesAsync(() => File.Exists(Path.Combine(Node.Root, "started")).Should().BeTrue("the attach runs"));

        Task collect = CollectAsync();
        await Task.Delay(300);
        Calls().Should().NotContain(call => call.StartsWith("GC"));
        File.WriteAllText(Path.Combine(Node.Root, "go"), "");
        await Task.WhenAll(attach, collect);

        Node.Input("alpha", "GC").GetProperty("cni.dev/valid-attachments").GetRawText().Should().Contain("s1");
        Node.Records.Keys.Should().Equal("attachment/s1");
    }

    [Fact]
    public async Task A_collection_that_finds_no_quiet_moment_is_put_off()
    {
        await AttachedAsync("1.1.0");
        Node.WritePlugin("alpha", add: $"touch {Node.Root}/started; while [ ! -e {Node.Root}/go ]; do sleep 0.02; done; echo '{Node.Result("10.1.0.5/24")}'");
        Task attach = Node.AttachAsync("s1");
        await Eventually.PassesAsync(() => File.Exists(Path.Combine(Node.Root, "started")).Should().BeTrue("the attach runs"));

        await CollectAsync();

        Node.Log.Lines.Should().Contain(line => line.Text.Contains("put off"));
        Calls().Should().NotContain(call => call.StartsWith("GC"));
        File.WriteAllText(Path.Combine(Node.Root, "go"), "");
        await attach;
    }

    [Fact]
    public async Task An_attach_that_ends_while_garbage_is_collected_is_spared()
    {
        await AttachedAsync("1.0.0", "s1");

        await Node.Network.CollectGarbageAsync(
            id =>
            {
                // Asked after the attachment was seen: by now the host knows of it.
                Node.Records.Keys.Should().Contain($"attachment/{id}");
                return true;
            },
            Node.Phase,
            CancellationToken.None);

        Calls().Should().BeEmpty();
    }

    [Fact]
    public async Task Without_debts_plugins_collect_once_after_a_start()
    {
        var time = new FakeTimeProvider();
        await using var node = new Node { Time = time };
        node.WritePlugin("alpha");
        node.WriteList("1.1.0", "alpha");
        await node.StartAsync();

        for (int minute = 0; minute < 60; minute++)
        {
            await node.Network.CollectGarbageAsync(_ => true, node.Phase, CancellationToken.None);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        node.Calls.Count(call => call.StartsWith("GC")).Should().Be(1);
    }

    [Fact]
    public async Task A_collection_that_a_dead_daemon_left_running_is_ended_before_anything_is_attached()
    {
        await AttachedAsync("1.1.0");
        Node.WritePlugin("alpha", gc: $"echo $$ > {Node.Root}/pid.new; mv {Node.Root}/pid.new {Node.Root}/pid; sleep 1000; touch {Node.Root}/late");
        Task collect = CollectAsync();
        await Eventually.PassesAsync(() => File.Exists(Path.Combine(Node.Root, "pid")).Should().BeTrue("the plugin runs"));

        // A second daemon on the same records, as after kill -9 of the first.
        await using var second = new Node();
        foreach (string key in Node.Records.Keys)
        {
            second.Records[key] = Node.Records[key];
        }

        await second.StartAsync();

        second.Log.Lines.Should().Contain(line => line.Text.Contains("earlier run"), "the old plugin is killed");
        await collect.Invoking(task => task.WaitAsync(Deadline.Seconds(60))).Should().ThrowAsync<RuntimeException>("it was killed");
        File.Exists(Path.Combine(Node.Root, "late")).Should().BeFalse();
        second.Records.Keys.Should().BeEmpty();
        Node.Records.Keys.Should().BeEmpty();
    }

    private IReadOnlyList<string> Calls() => [.. Node.Calls.Where(call => !call.StartsWith("ADD ") && !call.StartsWith("STATUS "))];

    private Task CollectAsync(params string[] living) => Node.Network.CollectGarbageAsync(living.Contains, Node.Phase, CancellationToken.None);

    private async Task AttachedAsync(string version, params string[] sandboxes)
    {
        Node.WriteList(version, "alpha", "beta");
        await Node.StartAsync();
        foreach (string sandbox in sandboxes)
        {
            await Node.AttachAsync(sandbox);
        }
    }
}
