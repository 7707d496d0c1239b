using System.Net;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Networking;
using Orlop.Cni.Tests.Support;
using Orlop.Testing;

namespace Orlop.Cni.Tests.Attachments;

public sealed class AttachTests : NodeTest
{
    [Fact]
    public async Task A_chain_runs_in_order_and_each_plugin_gets_the_result_of_the_one_before()
    {
        Node.WriteList("1.0.0", "alpha", "beta");
        Node.WritePlugin("alpha", add: $"echo '{Node.Result("10.1.0.5/24", "fd00::5/64")}'");
        Node.WritePlugin("beta", add: $"echo '{Node.Result("10.1.0.6/24", "fd00::6/64")}'");
        await Node.StartAsync();

        PodNetworkResult result = await Node.AttachAsync("s1");

        result.Addresses.Should().Equal(IPAddress.Parse("10.1.0.6"), IPAddress.Parse("fd00::6"));
        Node.Calls.Should().Equal("ADD alpha s1 /run/netns/s1", "ADD beta s1 /run/netns/s1");
        Node.Input("alpha", "ADD").TryGetProperty("prevResult", out _).Should().BeFalse();
        Node.Input("beta", "ADD").GetProperty("prevResult").GetProperty("ips")[0].GetProperty("address").GetString().Should().Be("10.1.0.5/24");
        Node.Phase.Names.Should().Equal("loopback", "cni-add alpha", "cni-add beta");
        Node.Phase.Notes.Should().Contain(note => note.Contains("alpha, pid "));
    }

    [Fact]
    public async Task A_plugin_gets_the_variables_of_the_specification_and_nothing_of_the_daemons_own()
    {
        Environment.SetEnvironmentVariable("ORLOP_TEST_PASSED", "yes");
        Environment.SetEnvironmentVariable("ORLOP_TEST_SECRET", "no");
        Node.WriteList("1.0.0", "alpha");
        Node.WritePlugin("alpha");
        await Node.StartAsync();

        await Node.AttachAsync("s1");

        IReadOnlyDictionary<string, string> seen = Node.Variables("alpha", "ADD");
        seen["CNI_COMMAND"].Should().Be("ADD");
        seen["CNI_CONTAINERID"].Should().Be("s1");
        seen["CNI_NETNS"].Should().Be("/run/netns/s1");
        seen["CNI_IFNAME"].Should().Be("eth0");
        seen["CNI_PATH"].Should().Be($"{Node.Root}/none:{Node.BinFolder}");
        seen["CNI_ARGS"].Should().Be("IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=s1;K8S_POD_UID=uid-1");
        seen["PATH"].Should().NotBeEmpty();
        seen["ORLOP_TEST_PASSED"].Should().Be("yes");
        seen.Should().NotContainKey("ORLOP_TEST_SECRET");
    }

    [Fact]
    public async Task A_plugin_inherits_no_descriptor_besides_the_standard_three()
    {
        using FileStream open = File.OpenRead("/etc/hostname");
        Node.WriteList("1.0.0", "alpha");
        Node.WritePlugin("alpha", add: $"ls -l /proc/$$/fd > {Node.Root}/fds; echo '{Node.Result("10.1.0.5/24")}'");
        await Node.StartAsync();

        await Node.AttachAsync("s1");

        // dash itself keeps the script open as descriptor 10.
        File.ReadAllLines(Path.Combine(Node.Root, "fds")).Where(line => line.Contains(" -> ")).Select(line => line.Split(" -> ")[1])
            .Should().NotContain(target => target.StartsWith("socket:") || target == "/etc/hostname" || target.StartsWith("anon_inode"));
    }

    [Fact]
    public async Task Pod_cidrs_of_the_kubelet_reach_plugins_that_declare_ip_ranges_also_after_a_restart()
    {
        Node.WriteConfiguration("""{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"alpha","capabilities":{"ipRanges":true,"dns":false}}]}""");
        Node.WritePlugin("alpha");
        await (await Node.StartAsync()).SetPodCidrsAsync(["10.244.3.0/24", "fd00:3::/64"], CancellationToken.None);
        await Node.StartAsync();

        await Node.AttachAsync("s1");

        Node.Input("alpha", "ADD").GetProperty("runtimeConfig").GetRawText()
            .Should().Be("""{"ipRanges":[[{"subnet":"10.244.3.0/24"}],[{"subnet":"fd00:3::/64"}]]}""");
    }

    [Fact]
    public async Task A_pod_cidr_that_is_none_is_refused()
    {
        await Node.StartAsync();
        await Node.Network.Invoking(network => network.SetPodCidrsAsync(["10.244.3.0/33"], CancellationToken.None))
            .Should().ThrowAsync<RuntimeException>().WithMessage("*10.244.3.0/33*");
    }

    [Fact]
    public async Task When_the_second_plugin_fails_both_are_taken_back_in_reverse_order_and_nothing_stays_on_record()
    {
        Node.WriteList("1.0.0", "alpha", "beta", "gamma");
        Node.WritePlugin("alpha");
        Node.WritePlugin("beta", add: Node.Error(7, "no such subnet"));
        Node.WritePlugin("gamma");
        await Node.StartAsync();

        var error = (await Node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>()).Which;

        error.Message.Should().Contain("'beta'").And.Contain("no such subnet; because").And.Contain("code 7").And.Contain("default/web").And.Contain("s1");
        Node.Calls.Should().Equal(
            "ADD alpha s1 /run/netns/s1", "ADD beta s1 /run/netns/s1",
            "DEL gamma s1 /run/netns/s1", "DEL beta s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
        Node.Input("alpha", "DEL").GetProperty("prevResult").GetProperty("ips").GetArrayLength().Should().Be(1, "a rule that goes by addresses must be found again");
        Node.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task Nothing_is_called_before_the_intent_is_on_record()
    {
        Node.WriteList("1.0.0", "alpha");
        Node.WritePlugin("alpha");
        await Node.StartAsync();
        Node.Records.Committing = _ => throw new IOException("disk full");

        await Node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<IOException>();

        Node.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task A_result_without_an_address_for_the_pod_is_an_error_and_is_taken_back()
    {
        Node.WriteList("1.0.0", "alpha");
        Node.WritePlugin("alpha", add: $"echo '{Node.Result()}'");
        await Node.StartAsync();

        await Node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>().WithMessage("*no address for eth0*");

        Node.Calls.Should().Equal("ADD alpha s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
        Node.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task Without_a_configuration_the_error_says_where_one_belongs()
    {
        await Node.StartAsync();

        var error = (await Node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>()).Which;

        error.Kind.Should().Be(ErrorKind.Unavailable);
        error.Message.Should().Contain(Node.ConfFolder).And.Contain("default/web");
    }

    [Fact]
    public async Task A_missing_program_is_found_before_anything_is_changed()
    {
        Node.WriteList("1.0.0", "alpha", "beta");
        Node.WritePlugin("alpha");
        await Node.StartAsync();

        var error = (await Node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>()).Which;

        error.Message.Should().Contain("'beta'").And.Contain(Node.BinFolder).And.Contain("none");
        Node.Calls.Should().BeEmpty();
        Node.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task A_second_attach_of_the_same_sandbox_takes_the_first_down_before()
    {
        Node.WriteList("1.0.0", "alpha");
        Node.WritePlugin("alpha");
        await Node.StartAsync();

        await Node.AttachAsync("s1");
        await Node.AttachAsync("s1");

        Node.Calls.Select(call => call[..9]).Should().Equal("ADD alpha", "DEL alpha", "ADD alpha");
    }

    [Fact]
    public async Task Two_attempts_of_one_pod_are_two_containers_to_the_plugins()
    {
        Node.WriteList("1.0.0", "alpha");
        Node.WritePlugin("alpha");
        await Node.StartAsync();

        await Node.AttachAsync("attempt0");
        await Node.AttachAsync("attempt1");
        await Node.DetachAsync("attempt0");

        Node.Calls.Should().Equal("ADD alpha attempt0 /run/netns/attempt0", "ADD alpha attempt1 /run/netns/attempt1", "DEL alpha attempt0 /run/netns/attempt0");
        Node.Records.Keys.Should().Equal("attachment/attempt1");
    }

    [Theory]
    [InlineData("web;EVIL=1")]
    [InlineData("we=b")]
    public async Task A_name_that_would_become_an_argument_of_its_own_is_refused(string name)
    {
        Node.WriteList("1.0.0", "alpha");
        Node.WritePlugin("alpha");
        await Node.StartAsync();

        await Node.Network.Invoking(network => network.AttachAsync(Node.Request("s1") with { PodName = name }, Node.Phase, CancellationToken.None))
            .Should().ThrowAsync<RuntimeException>().Where(e => e.Kind == ErrorKind.InvalidArgument);
        Node.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task A_detach_that_has_to_wait_for_the_attach_says_so()
    {
        Node.WriteList("1.0.0", "alpha");
        Node.WritePlugin("alpha", add: $"while [ ! -e {Node.Root}/go ]; do sleep 0.02; done; echo '{Node.Result("10.1.0.5/24")}'");
        await Node.StartAsync();
        Task attach = Node.AttachAsync("s1");

        Task detach = Node.DetachAsync("s1");
        await Eventually.PassesAsync(() => Node.Phase.Names.Should().Contain("cni-wait", "the trace shows what the detach waits for"));
        detach.IsCompleted.Should().BeFalse();
        File.WriteAllText(Path.Combine(Node.Root, "go"), "");

        await Task.WhenAll(attach, detach);
        Node.Calls.Should().Equal("ADD alpha s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
    }

    [Fact]
    public async Task Pods_are_attached_at_the_same_time()
    {
        Node.WriteList("1.0.0", "alpha");
        string meet = $"touch {Node.Root}/here.$CNI_CONTAINERID; while [ ! -e {Node.Root}/here.s1 ] || [ ! -e {Node.Root}/here.s2 ]; do sleep 0.02; done";
        Node.WritePlugin("alpha", add: $"{meet}; echo '{Node.Result("10.1.0.5/24")}'");
        await Node.StartAsync();

        await Task.WhenAll(Node.AttachAsync("s1"), Node.AttachAsync("s2")).WaitAsync(TimeSpan.FromSeconds(10));

        Node.Records.Keys.Should().Equal("attachment/s1", "attachment/s2");
    }
}
