namespace Orlop.NodeTests.Contract;

/// <summary>What the node says of itself; points 30, 31 and 34 of the contract with the kubelet.</summary>
public sealed class Conditions(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    // Point 30.
    [NodeFact]
    public async Task A_healthy_node_is_ready()
    {
        var status = await Runtime.StatusAsync(new StatusRequest());

        status.Status.Conditions.Where(condition => condition.Type is "RuntimeReady" or "NetworkReady")
            .Should().HaveCount(2).And.OnlyContain(condition => condition.Status);
    }

    // Point 30.
    [NodeFact]
    public async Task Without_a_configuration_the_network_is_not_ready_until_one_appears()
    {
        await using var bare = await Node.StartAsync(new NodeOptions { Network = false });
        var condition = await NetworkConditionAsync(bare);
        (condition.Status, condition.Reason).Should().Be((false, "NetworkPluginNotReady"));
        condition.Message.Should().Contain(bare.Folder.NetworkConfigurations);

        var config = bare.PodConfig();
        var run = async () => await bare.RunPodAsync(config);
        (await run.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain(bare.Folder.NetworkConfigurations);
        await using (var host = await bare.RunPodAsync(pod => pod.Linux.SecurityContext.NamespaceOptions.Network = NamespaceMode.Node))
        {
            (await host.RunAsync("echo runs")).Output.Should().Be("runs\n", "a pod on the node's network needs no CNI");
        }

        bare.Folder.WriteNetworkConfiguration();
        await Eventually.PassesAsync(async () => (await NetworkConditionAsync(bare)).Status.Should().BeTrue());
        await using var pod = await bare.RunPodAsync(config);
        (await pod.AddressAsync()).Should().StartWith("10.88.");
    }

    // Point 30.
    [NodeFact]
    public async Task Without_its_default_handler_the_runtime_is_not_ready_and_says_why()
    {
        await using var broken = await Node.StartAsync(new NodeOptions { Images = false, PluginSettings = { ["linux-native"] = "enabled = false" } });

        var condition = (await broken.Cri.Runtime.StatusAsync(new())).Status.Conditions.Single(condition => condition.Type == "RuntimeReady");

        (condition.Status, condition.Reason).Should().Be((false, "HandlerNotReady"));
        condition.Message.Should().Contain("linux-native").And.Contain("Disabled");
        (await ((Func<Task>)(async () => await broken.RunPodAsync())).ShouldFailWithAsync(StatusCode.Unavailable)).Status.Detail.Should().Contain("linux-native");
    }

    // Point 31.
    [NodeFact]
    public async Task The_default_handler_is_listed_by_its_name_and_as_the_empty_one()
    {
        var status = await Runtime.StatusAsync(new StatusRequest());

        status.RuntimeHandlers.Select(handler => handler.Name).Should().Contain(["", "default"]);
        status.RuntimeHandlers.Should().OnlyContain(handler => handler.Features.RecursiveReadOnlyMounts);
        status.Features.SupplementalGroupsPolicy.Should().BeTrue();
    }

    // Point 31: the node's status must not flicker.
    [NodeFact]
    public async Task Handlers_are_listed_in_the_same_order_after_a_restart_too()
    {
        await using var many = await Node.StartAsync(new NodeOptions { Images = false, Network = false, Configuration = string.Concat(((string[])["z", "a", "m", "q"]).Select(name => $"[handlers.{name}]\nbackend = \"linux-native\"\n")) });
        var before = await NamesAsync();

        await many.CrashAndRestartAsync();

        before.Should().Equal("", "default", "a", "m", "q", "z");
        (await NamesAsync()).Should().Equal(before);

        async Task<IEnumerable<string>> NamesAsync() => (await many.Cri.Runtime.StatusAsync(new())).RuntimeHandlers.Select(handler => handler.Name);
    }

    // Point 34.
    [NodeFact]
    public async Task RuntimeConfig_names_the_cgroup_driver()
    {
        var configuration = await Runtime.RuntimeConfigAsync(new RuntimeConfigRequest());

        configuration.Linux.CgroupDriver.Should().Be(CgroupDriver.Cgroupfs);
    }

    private static async Task<RuntimeCondition> NetworkConditionAsync(Node node) =>
        (await node.Cri.Runtime.StatusAsync(new())).Status.Conditions.Single(condition => condition.Type == "NetworkReady");
}
