using System.Net;

namespace Orlop.NodeTests.Networks;

public sealed class PodNetwork(Node node) : NodeTest(node)
{
    private const string Serve = "echo served > /tmp/index.html; httpd -p 80 -h /tmp; echo ready; sleep 1000";

    [NodeFact]
    public async Task A_pod_has_an_address_of_each_family_on_eth0()
    {
        await using var pod = await Node.RunPodAsync();

        var network = (await pod.StatusAsync()).Network;

        network.Ip.Should().StartWith("10.88.");
        network.AdditionalIps.Should().ContainSingle().Which.Ip.Should().StartWith("fd88:");
        var shown = (await pod.RunAsync("ip -o address show eth0; ip link show lo | grep -c LOOPBACK,UP")).Output;
        shown.Should().Contain(network.Ip).And.Contain(network.AdditionalIps[0].Ip).And.EndWith("1\n");
    }

    [NodeFact]
    public async Task Pods_reach_each_other_and_the_node_reaches_them()
    {
        await using var server = await Node.RunPodAsync();
        await using var client = await Node.RunPodAsync();
        await (await server.StartAsync(Serve)).WaitForLogAsync("ready");
        var address = await server.AddressAsync();

        (await client.RunAsync($"wget -q -O - http://{address}/")).Output.Should().Be("served\n");

        using var http = Node.Namespaces.CreateHttpClient($"http://{address}");
        (await http.GetStringAsync(new Uri("/", UriKind.Relative))).Should().Be("served\n");
    }

    [NodeFact]
    public async Task A_host_port_leads_to_the_pod_until_it_stops()
    {
        await using var pod = await Node.RunPodAsync(config => config.PortMappings.Add(new PortMapping { ContainerPort = 80, HostPort = 28080 }));
        await (await pod.StartAsync(Serve)).WaitForLogAsync("ready");
        using var http = Node.Namespaces.CreateHttpClient("http://127.0.0.1:28080");

        (await http.GetStringAsync(new Uri("/", UriKind.Relative))).Should().Be("served\n");
        await pod.StopAsync();

        var connect = async () => await Node.Namespaces.ConnectAsync(new IPEndPoint(IPAddress.Loopback, 28080));
        await connect.Should().ThrowAsync<System.Net.Sockets.SocketException>();
        (await Node.Namespaces.RunAsync("iptables -t nat -S")).Should().NotContain("28080");
    }

    [NodeFact]
    public async Task A_stopped_pod_gives_its_addresses_back()
    {
        await using var pod = await Node.RunPodAsync();
        var address = await pod.AddressAsync();
        var lease = Path.Combine(Node.Folder.Leases, "orlop", address);
        File.Exists(lease).Should().BeTrue();

        await pod.StopAsync();

        File.Exists(lease).Should().BeFalse();
        (await pod.StatusAsync()).Network?.Ip.Should().BeNullOrEmpty();
    }

    [NodeFact]
    public async Task A_pod_can_be_stopped_after_the_configuration_is_gone()
    {
        await using var pod = await Node.RunPodAsync();
        var address = await pod.AddressAsync();
        Node.Folder.RemoveNetworkConfiguration();
        try
        {
            await pod.StopAsync();
            await pod.RemoveAsync();

            File.Exists(Path.Combine(Node.Folder.Leases, "orlop", address)).Should().BeFalse("the attachment keeps the configuration of its ADD");
        }
        finally
        {
            Node.Folder.WriteNetworkConfiguration();
            await WaitForNetworkAsync(ready: true);
        }
    }

    [NodeFact]
    public async Task Many_pods_at_once_get_addresses_of_their_own()
    {
        var pods = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Node.RunPodAsync()));

        var addresses = await Task.WhenAll(pods.Select(pod => pod.AddressAsync()));

        addresses.Should().OnlyHaveUniqueItems();
        await Task.WhenAll(pods.Select(async pod => await pod.DisposeAsync()));
    }

    [NodeFact]
    public async Task A_pod_on_the_nodes_network_sees_its_interfaces_and_keeps_no_address()
    {
        await using var pod = await Node.RunPodAsync(config => config.Linux.SecurityContext.NamespaceOptions.Network = NamespaceMode.Node);

        (await pod.StatusAsync()).Network?.Ip.Should().BeNullOrEmpty();
        (await pod.RunAsync("wget -q -O - http://127.0.0.1:5000/v2/")).Output.Should().Be("{}");
    }

    private Task WaitForNetworkAsync(bool ready) =>
        Eventually.PassesAsync(async () => (await NetworkConditionAsync(Node)).Status.Should().Be(ready));

    private static async Task<RuntimeCondition> NetworkConditionAsync(Node node) =>
        (await node.Cri.Runtime.StatusAsync(new())).Status.Conditions.Single(condition => condition.Type == "NetworkReady");
}
