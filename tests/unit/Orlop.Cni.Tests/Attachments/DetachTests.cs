using Orlop.Abstractions.Errors;
using Orlop.Cni.Tests.Support;
using Orlop.Testing;

namespace Orlop.Cni.Tests.Attachments;

public sealed class DetachTests : NodeTest
{
    [Fact]
    public async Task Plugins_are_taken_down_in_reverse_with_the_result_of_the_attach()
    {
        await AttachedAsync("1.0.0");

        await Node.DetachAsync("s1");

        Node.Calls.Skip(2).Should().Equal("DEL beta s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
        Node.Input("alpha", "DEL").GetProperty("prevResult").GetProperty("ips")[0].GetProperty("address").GetString().Should().Be("10.1.0.5/24");
        Node.Variables("alpha", "DEL")["CNI_ARGS"].Should().Contain("K8S_POD_NAME=web");
        Node.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task Versions_before_0_4_0_get_no_result_on_detach()
    {
        await AttachedAsync("0.3.1");

        await Node.DetachAsync("s1");

        Node.Input("alpha", "DEL").TryGetProperty("prevResult", out _).Should().BeFalse();
    }

    [Fact]
    public async Task A_sandbox_that_was_never_attached_is_detached_without_a_call()
    {
        await AttachedAsync("1.0.0");
        int before = Node.Calls.Count;

        await Node.DetachAsync("other");

        Node.Calls.Should().HaveCount(before);
    }

    [Fact]
    public async Task The_configuration_of_the_attach_is_used_whatever_is_configured_today()
    {
        await AttachedAsync("1.0.0");
        File.Delete(Path.Combine(Node.ConfFolder, "10-test.conflist"));
        Node.WriteConfiguration("""{"cniVersion":"0.4.0","name":"other","plugins":[{"type":"gamma"}]}""", "20-other.conflist");
        Node.WritePlugin("gamma");
        await Node.StartAsync();

        await Node.DetachAsync("s1");

        Node.Calls.Skip(2).Should().Equal("DEL beta s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
        Node.Input("alpha", "DEL").GetProperty("name").GetString().Should().Be("net");
        Node.Input("alpha", "DEL").GetProperty("cniVersion").GetString().Should().Be("1.0.0");
    }

    [Fact]
    public async Task Capability_arguments_of_the_attach_come_back_on_detach()
    {
        Node.WriteConfiguration("""{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"alpha","capabilities":{"portMappings":true}}]}""");
        Node.WritePlugin("alpha");
        await Node.StartAsync();
        await Node.Network.AttachAsync(Node.Request("s1") with { PortMappings = [new("tcp", 80, 8080, "")] }, Node.Phase, CancellationToken.None);

        await Node.DetachAsync("s1");

        Node.Input("alpha", "DEL").GetProperty("runtimeConfig").GetRawText().Should().Be("""{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}""");
    }

    [Fact]
    public async Task A_failing_plugin_stops_neither_the_others_nor_a_later_detach()
    {
        await AttachedAsync("1.0.0");
        Node.WritePlugin("beta", del: Node.Error(999, "iptables is locked"));

        var error = (await Node.Awaiting(node => node.DetachAsync("s1")).Should().ThrowAsync<RuntimeException>()).Which;

        error.Message.Should().Contain("'beta'").And.Contain("iptables is locked").And.Contain("tried again");
        Node.Calls.Skip(2).Should().Equal("DEL beta s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
        Node.Records.Keys.Should().Equal("attachment/s1");

        Node.WritePlugin("beta");
        await Node.DetachAsync("s1");
        Node.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task A_plugin_that_does_not_know_the_container_owes_nothing()
    {
        await AttachedAsync("1.0.0");
        Node.WritePlugin("beta", del: Node.Error(3, "unknown container"));

        await Node.DetachAsync("s1");

        Node.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task Without_its_namespace_plugins_get_an_empty_one()
    {
        await AttachedAsync("1.0.0");

        await Node.Network.DetachAsync("s1", null, Node.Phase, CancellationToken.None);

        Node.Calls.Skip(2).Should().Equal("DEL beta s1 ", "DEL alpha s1 ");
        Node.Variables("alpha", "DEL").Should().ContainKey("CNI_NETNS").WhoseValue.Should().BeEmpty();
    }

    [Fact]
    public async Task A_path_that_leads_nowhere_is_a_gone_namespace()
    {
        await AttachedAsync("1.0.0");
        Node.Fakes.Gone.Add("/run/netns/s1");

        await Node.DetachAsync("s1");

        Node.Calls.Skip(2).Should().Equal("DEL beta s1 ", "DEL alpha s1 ");
    }

    [Fact]
    public async Task A_path_that_leads_to_another_namespace_by_now_is_never_given_to_a_plugin()
    {
        await AttachedAsync("1.0.0");
        Node.Fakes.Replaced["/run/netns/s1"] = "identity of a stranger";

        await Node.DetachAsync("s1");

        Node.Calls.Skip(2).Should().Equal("DEL beta s1 ", "DEL alpha s1 ");
        Node.Log.Lines.Should().Contain(line => line.Text.Contains("no longer leads to"));
    }

    [Fact]
    public async Task A_failure_without_a_namespace_is_owed_but_does_not_hold_the_pod()
    {
        await AttachedAsync("1.0.0");
        Node.WritePlugin("beta", del: Node.Error(999, "datastore is away"));

        await Node.Network.DetachAsync("s1", null, Node.Phase, CancellationToken.None);

        Node.Records.Keys.Should().Equal("attachment/s1");
    }

    [Fact]
    public async Task A_missing_program_is_owed_but_does_not_hold_the_pod()
    {
        await AttachedAsync("1.0.0");
        Node.RemovePlugin("beta");

        await Node.DetachAsync("s1");

        Node.Calls.Skip(2).Should().Equal("DEL alpha s1 /run/netns/s1");
        Node.Records.Keys.Should().Equal("attachment/s1");
    }

    [Fact]
    public async Task A_cancelled_detach_stays_on_record()
    {
        await AttachedAsync("1.0.0");
        Node.WritePlugin("beta", del: $"touch {Node.Root}/started; sleep 1000");
        using var cancel = new CancellationTokenSource();

        Task detach = Node.DetachAsync("s1", cancel.Token);
        await Eventually.PassesAsync(() => File.Exists(Path.Combine(Node.Root, "started")).Should().BeTrue("the plugin starts"));
        await cancel.CancelAsync();

        await detach.Invoking(task => task.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<OperationCanceledException>();
        Node.Records.Keys.Should().Equal("attachment/s1");
    }

    private async Task AttachedAsync(string version)
    {
        Node.WriteList(version, "alpha", "beta");
        Node.WritePlugin("alpha");
        Node.WritePlugin("beta");
        await Node.StartAsync();
        await Node.AttachAsync("s1");
    }
}
