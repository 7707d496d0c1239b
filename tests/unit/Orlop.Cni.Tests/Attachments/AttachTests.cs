using System.Net;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Networking;
using Orlop.Cni.Tests.Support;

namespace Orlop.Cni.Tests.Attachments;

public sealed class AttachTests : IAsyncLifetime
{
    private readonly Node _node = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _node.Log.Errors.Should().BeEmpty();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_chain_runs_in_order_and_each_plugin_gets_the_result_of_the_one_before()
    {
        _node.WriteList("1.0.0", "alpha", "beta");
        _node.WritePlugin("alpha", add: $"echo '{Node.Result("10.1.0.5/24", "fd00::5/64")}'");
        _node.WritePlugin("beta", add: $"echo '{Node.Result("10.1.0.6/24", "fd00::6/64")}'");
        await _node.StartAsync();

        PodNetworkResult result = await _node.AttachAsync("s1");

        result.Addresses.Should().Equal(IPAddress.Parse("10.1.0.6"), IPAddress.Parse("fd00::6"));
        _node.Calls.Should().Equal("ADD alpha s1 /run/netns/s1", "ADD beta s1 /run/netns/s1");
        _node.Input("alpha", "ADD").TryGetProperty("prevResult", out _).Should().BeFalse();
        _node.Input("beta", "ADD").GetProperty("prevResult").GetProperty("ips")[0].GetProperty("address").GetString().Should().Be("10.1.0.5/24");
        _node.Phase.Names.Should().Equal("loopback", "cni-add alpha", "cni-add beta");
        _node.Phase.Notes.Should().Contain(note => note.Contains("alpha, pid "));
    }

    [Fact]
    public async Task A_plugin_gets_the_variables_of_the_specification_and_nothing_of_the_daemons_own()
    {
        Environment.SetEnvironmentVariable("ORLOP_TEST_PASSED", "yes");
        Environment.SetEnvironmentVariable("ORLOP_TEST_SECRET", "no");
        _node.WriteList("1.0.0", "alpha");
        _node.WritePlugin("alpha");
        await _node.StartAsync();

        await _node.AttachAsync("s1");

        IReadOnlyDictionary<string, string> seen = _node.Variables("alpha", "ADD");
        seen["CNI_COMMAND"].Should().Be("ADD");
        seen["CNI_CONTAINERID"].Should().Be("s1");
        seen["CNI_NETNS"].Should().Be("/run/netns/s1");
        seen["CNI_IFNAME"].Should().Be("eth0");
        seen["CNI_PATH"].Should().Be($"{_node.Root}/none:{_node.BinFolder}");
        seen["CNI_ARGS"].Should().Be("IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=s1;K8S_POD_UID=uid-1");
        seen["PATH"].Should().NotBeEmpty();
        seen["ORLOP_TEST_PASSED"].Should().Be("yes");
        seen.Should().NotContainKey("ORLOP_TEST_SECRET");
    }

    [Fact]
    public async Task A_plugin_inherits_no_descriptor_besides_the_standard_three()
    {
        using FileStream open = File.OpenRead("/etc/hostname");
        _node.WriteList("1.0.0", "alpha");
        _node.WritePlugin("alpha", add: $"ls -l /proc/$$/fd > {_node.Root}/fds; echo '{Node.Result("10.1.0.5/24")}'");
        await _node.StartAsync();

        await _node.AttachAsync("s1");

        // dash itself keeps the script open as descriptor 10.
        File.ReadAllLines(Path.Combine(_node.Root, "fds")).Where(line => line.Contains(" -> ")).Select(line => line.Split(" -> ")[1])
            .Should().NotContain(target => target.StartsWith("socket:") || target == "/etc/hostname" || target.StartsWith("anon_inode"));
    }

    [Fact]
    public async Task Pod_cidrs_of_the_kubelet_reach_plugins_that_declare_ip_ranges_also_after_a_restart()
    {
        _node.WriteConfiguration("""{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"alpha","capabilities":{"ipRanges":true,"dns":false}}]}""");
        _node.WritePlugin("alpha");
        await (await _node.StartAsync()).SetPodCidrsAsync(["10.244.3.0/24", "fd00:3::/64"], CancellationToken.None);
        await _node.StartAsync();

        await _node.AttachAsync("s1");

        _node.Input("alpha", "ADD").GetProperty("runtimeConfig").GetRawText()
            .Should().Be("""{"ipRanges":[[{"subnet":"10.244.3.0/24"}],[{"subnet":"fd00:3::/64"}]]}""");
    }

    [Fact]
    public async Task A_pod_cidr_that_is_none_is_refused()
    {
        await _node.StartAsync();
        await _node.Network.Invoking(network => network.SetPodCidrsAsync(["10.244.3.0/33"], CancellationToken.None))
            .Should().ThrowAsync<RuntimeException>().WithMessage("*10.244.3.0/33*");
    }

    [Fact]
    public async Task When_the_second_plugin_fails_both_are_taken_back_in_reverse_order_and_nothing_stays_on_record()
    {
        _node.WriteList("1.0.0", "alpha", "beta", "gamma");
        _node.WritePlugin("alpha");
        _node.WritePlugin("beta", add: Node.Error(7, "no such subnet"));
        _node.WritePlugin("gamma");
        await _node.StartAsync();

        var error = (await _node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>()).Which;

        error.Message.Should().Contain("'beta'").And.Contain("no such subnet; because").And.Contain("code 7").And.Contain("default/web").And.Contain("s1");
        _node.Calls.Should().Equal(
            "ADD alpha s1 /run/netns/s1", "ADD beta s1 /run/netns/s1",
            "DEL gamma s1 /run/netns/s1", "DEL beta s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
        _node.Input("alpha", "DEL").GetProperty("prevResult").GetProperty("ips").GetArrayLength().Should().Be(1, "a rule that goes by addresses must be found again");
        _node.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task Nothing_is_called_before_the_intent_is_on_record()
    {
        _node.WriteList("1.0.0", "alpha");
        _node.WritePlugin("alpha");
        await _node.StartAsync();
        _node.Records.Committing = _ => throw new IOException("disk full");

        await _node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<IOException>();

        _node.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task A_result_without_an_address_for_the_pod_is_an_error_and_is_taken_back()
    {
        _node.WriteList("1.0.0", "alpha");
        _node.WritePlugin("alpha", add: $"echo '{Node.Result()}'");
        await _node.StartAsync();

        await _node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>().WithMessage("*no address for eth0*");

        _node.Calls.Should().Equal("ADD alpha s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
        _node.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task Without_a_configuration_the_error_says_where_one_belongs()
    {
        await _node.StartAsync();

        var error = (await _node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>()).Which;

        error.Kind.Should().Be(ErrorKind.Unavailable);
        error.Message.Should().Contain(_node.ConfFolder).And.Contain("default/web");
    }

    [Fact]
    public async Task A_missing_program_is_found_before_anything_is_changed()
    {
        _node.WriteList("1.0.0", "alpha", "beta");
        _node.WritePlugin("alpha");
        await _node.StartAsync();

        var error = (await _node.Awaiting(node => node.AttachAsync("s1")).Should().ThrowAsync<RuntimeException>()).Which;

        error.Message.Should().Contain("'beta'").And.Contain(_node.BinFolder).And.Contain("none");
        _node.Calls.Should().BeEmpty();
        _node.Records.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task A_second_attach_of_the_same_sandbox_takes_the_first_down_before()
    {
        _node.WriteList("1.0.0", "alpha");
        _node.WritePlugin("alpha");
        await _node.StartAsync();

        await _node.AttachAsync("s1");
        await _node.AttachAsync("s1");

        _node.Calls.Select(call => call[..9]).Should().Equal("ADD alpha", "DEL alpha", "ADD alpha");
    }

    [Fact]
    public async Task Two_attempts_of_one_pod_are_two_containers_to_the_plugins()
    {
        _node.WriteList("1.0.0", "alpha");
        _node.WritePlugin("alpha");
        await _node.StartAsync();

        await _node.AttachAsync("attempt0");
        await _node.AttachAsync("attempt1");
        await _node.DetachAsync("attempt0");

        _node.Calls.Should().Equal("ADD alpha attempt0 /run/netns/attempt0", "ADD alpha attempt1 /run/netns/attempt1", "DEL alpha attempt0 /run/netns/attempt0");
        _node.Records.Keys.Should().Equal("attachment/attempt1");
    }

    [Theory]
    [InlineData("web;EVIL=1")]
    [InlineData("we=b")]
    public async Task A_name_that_would_become_an_argument_of_its_own_is_refused(string name)
    {
        _node.WriteList("1.0.0", "alpha");
        _node.WritePlugin("alpha");
        await _node.StartAsync();

        await _node.Network.Invoking(network => network.AttachAsync(Node.Request("s1") with { PodName = name }, _node.Phase, CancellationToken.None))
            .Should().ThrowAsync<RuntimeException>().Where(e => e.Kind == ErrorKind.InvalidArgument);
        _node.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task A_detach_that_has_to_wait_for_the_attach_says_so()
    {
        _node.WriteList("1.0.0", "alpha");
        _node.WritePlugin("alpha", add: $"while [ ! -e {_node.Root}/go ]; do sleep 0.02; done; echo '{Node.Result("10.1.0.5/24")}'");
        await _node.StartAsync();
        Task attach = _node.AttachAsync("s1");

        Task detach = _node.DetachAsync("s1");
        await Eventually.BecomesTrueAsync(() => _node.Phase.Names.Contains("cni-wait"), "the trace shows what the detach waits for");
        detach.IsCompleted.Should().BeFalse();
        File.WriteAllText(Path.Combine(_node.Root, "go"), "");

        await Task.WhenAll(attach, detach);
        _node.Calls.Should().Equal("ADD alpha s1 /run/netns/s1", "DEL alpha s1 /run/netns/s1");
    }

    [Fact]
    public async Task Pods_are_attached_at_the_same_time()
    {
        _node.WriteList("1.0.0", "alpha");
        string meet = $"touch {_node.Root}/here.$CNI_CONTAINERID; while [ ! -e {_node.Root}/here.s1 ] || [ ! -e {_node.Root}/here.s2 ]; do sleep 0.02; done";
        _node.WritePlugin("alpha", add: $"{meet}; echo '{Node.Result("10.1.0.5/24")}'");
        await _node.StartAsync();

        await Task.WhenAll(_node.AttachAsync("s1"), _node.AttachAsync("s2")).WaitAsync(TimeSpan.FromSeconds(10));

        _node.Records.Keys.Should().Equal("attachment/s1", "attachment/s2");
    }
}
