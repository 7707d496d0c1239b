using System.Net;
using System.Net.Sockets;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Networking;
using Orlop.Cni.Tests.Support;

namespace Orlop.Cni.Tests.RealPlugins;

public sealed class RealPluginTests : IAsyncLifetime
{
    private ProductionNode _real = null!;

    private Node Node => _real.Node;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_real is not null)
        {
            Node.Log.Errors.Should().BeEmpty();
            await _real.DisposeAsync();
        }
    }

    [RealPluginsFact]
    public async Task Pods_get_distinct_addresses_of_both_families_and_reach_each_other()
    {
        await StartAsync();

        PodNetworkResult first = await AttachAsync("a");
        PodNetworkResult second = await AttachAsync("b");

        IPAddress[] all = [.. first.Addresses, .. second.Addresses];
        all.Should().OnlyHaveUniqueItems().And.HaveCount(4);
        first.Addresses.Select(address => address.AddressFamily).Should().Equal(AddressFamily.InterNetwork, AddressFamily.InterNetworkV6);
        _real.InPod("a", "ip", "-o", "addr", "show", "eth0").Should().Contain($"{first.Addresses[0]}/24");
        _real.InPod("a", "ip", "-o", "link", "show", "lo").Should().Contain("UP");
        _real.InPod("a", "busybox", "ping", "-c1", "-W5", second.Addresses[0].ToString()).Should().Contain("1 packets received");
        _real.InPod("a", "busybox", "ping", "-c1", "-W5", "127.0.0.1").Should().Contain("1 packets received");
    }

    [RealPluginsFact]
    public async Task A_detach_releases_leases_and_rules()
    {
        await StartAsync();
        string clean = _real.Inside("iptables-save", "-t", "nat");
        PodNetworkResult result = await AttachAsync("a", new PortMapping("tcp", 80, 8080, ""));
        _real.LeasedAddresses("pods").Should().Equal(result.Addresses[0].ToString());
        _real.Inside("iptables-save", "-t", "nat").Should().NotBe(clean).And.Contain("8080").And.Contain($"{result.Addresses[0]}:80");
        _real.Inside("iptables-save", "-t", "filter").Should().Contain(result.Addresses[0].ToString());

        await DetachAsync("a");

        _real.LeasedAddresses("pods").Should().BeEmpty();
        _real.Inside("iptables-save").Should().NotContain("8080").And.NotContain($"{result.Addresses[0]}/32");
        Node.Records.Keys.Should().BeEmpty();
    }

    [RealPluginsFact]
    public async Task An_address_is_released_when_the_namespace_is_gone_already()
    {
        await StartAsync();
        await AttachAsync("a", new PortMapping("tcp", 80, 8080, ""));
        _real.RemovePod("a");

        await Node.Network.DetachAsync("a", null, Node.Phase, CancellationToken.None);

        _real.LeasedAddresses("pods").Should().BeEmpty();
        _real.Inside("iptables-save").Should().NotContain("8080");
        Node.Records.Keys.Should().BeEmpty();
    }

    [RealPluginsFact]
    public async Task An_address_is_released_with_the_old_configuration_when_todays_is_gone()
    {
        await StartAsync();
        await AttachAsync("a");
        File.Delete(Path.Combine(Node.ConfFolder, "10-test.conflist"));
        await Node.StartAsync();
        Node.Network.Status.Ready.Should().BeFalse();

        await DetachAsync("a");

        _real.LeasedAddresses("pods").Should().BeEmpty();
    }

    [RealPluginsFact]
    public async Task A_check_passes_until_somebody_takes_the_address_away()
    {
        await StartAsync();
        string path = _real.AddPod("a");
        PodNetworkResult result = await AttachAsync("a", path);
        await Node.Network.CheckAsync("a", path, Node.Phase, CancellationToken.None);

        _real.InPod("a", "ip", "addr", "del", $"{result.Addresses[0]}/24", "dev", "eth0");

        await Node.Network.Invoking(network => network.CheckAsync("a", path, Node.Phase, CancellationToken.None))
            .Should().ThrowAsync<RuntimeException>().WithMessage("*'bridge'*");
    }

    [RealPluginsFact]
    public async Task What_belongs_to_no_living_sandbox_is_collected()
    {
        await StartAsync();
        await AttachAsync("a");
        PodNetworkResult kept = await AttachAsync("b");
        _real.RemovePod("a");

        await Node.Network.CollectGarbageAsync(id => id == "b", Node.Phase, CancellationToken.None);

        _real.LeasedAddresses("pods").Should().Equal(kept.Addresses[0].ToString());
        Node.Records.Keys.Should().Equal("attachment/b");
    }

    [RealPluginsFact]
    public async Task An_attach_that_fails_in_the_chain_leaves_no_lease()
    {
        await StartAsync();
        Node.WritePlugin("firewall", add: Node.Error(999, "no"), version: """echo '{"cniVersion":"1.0.0","supportedVersions":["1.0.0"]}'""");

        await this.Awaiting(test => test.AttachAsync("a")).Should().ThrowAsync<RuntimeException>();

        _real.LeasedAddresses("pods").Should().BeEmpty();
        _real.InPod("a", "ip", "-o", "link").Should().NotContain("eth0");
        Node.Records.Keys.Should().BeEmpty();
    }

    [RealPluginsFact]
    public async Task Addresses_come_from_the_pod_cidr_of_the_kubelet()
    {
        _real = new ProductionNode();
        Node.WriteConfiguration($$"""
            {"cniVersion":"1.0.0","name":"pods","plugins":[{"type":"bridge","bridge":"cni0","capabilities":{"ipRanges":true},
             "ipam":{"type":"host-local","dataDir":"{{_real.Leases}}"} } ]}
            """);
        await Node.StartAsync();
        await Node.Network.SetPodCidrsAsync(["10.244.7.0/24"], CancellationToken.None);

        (await AttachAsync("a")).Addresses.Should().ContainSingle().Which.ToString().Should().StartWith("10.244.7.");
    }

    [RealPluginsFact]
    public async Task A_file_that_is_no_namespace_is_refused_and_the_nodes_own_too()
    {
        await StartAsync();
        string file = Path.Combine(Node.Root, "file");
        File.WriteAllText(file, "");

        await this.Awaiting(test => test.AttachAsync("a", file)).Should().ThrowAsync<RuntimeException>().WithMessage($"*{file}*");
        await this.Awaiting(test => test.AttachAsync("a", "/proc/self/ns/net")).Should().ThrowAsync<RuntimeException>().WithMessage("*node's own*");
        Node.Records.Keys.Should().BeEmpty();
    }

    private async Task StartAsync()
    {
        _real = new ProductionNode();
        Node.WriteConfiguration($$"""
            {"cniVersion":"1.0.0","name":"pods","plugins":[
             {"type":"bridge","bridge":"cni0","isGateway":true,"ipMasq":true,
              "ipam":{"type":"host-local","dataDir":"{{_real.Leases}}",
               "ranges":[[{"subnet":"10.88.0.0/24"}],[{"subnet":"fd88::/64"}]],
               "routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]} },
             {"type":"portmap","capabilities":{"portMappings":true} },
             {"type":"firewall"}]}
            """);
        await Node.StartAsync();
        Node.Network.Status.Should().Be(NetworkStatus.IsReady);
    }

    private Task<PodNetworkResult> AttachAsync(string sandbox, params PortMapping[] ports) => AttachAsync(sandbox, _real.AddPod(sandbox), ports);

    private Task<PodNetworkResult> AttachAsync(string sandbox, string path, params PortMapping[] ports) =>
        Node.Network.AttachAsync(Node.Request(sandbox) with { NetworkNamespace = path, PortMappings = ports }, Node.Phase, CancellationToken.None);

    private async Task DetachAsync(string sandbox)
    {
        string? path = (await Node.Resolve<Orlop.Cni.Attachments.AttachmentStore>().FindAsync(sandbox, CancellationToken.None)).Attachment?.NetworkNamespace;
        await Node.Network.DetachAsync(sandbox, path, Node.Phase, CancellationToken.None);
    }
}
