namespace Orlop.NodeTests.Mounts;

public sealed class Devices(Node node) : NodeTest(node)
{
    [NodeFact]
    public async Task A_device_of_the_node_works_under_its_new_name()
    {
        (await RunAsync("head -c 4 /dev/nothing | wc -c", new Device { HostPath = "/dev/zero", ContainerPath = "/dev/nothing", Permissions = "rwm" })).Output.Trim().Should().Be("4");
    }

    [NodeFact]
    public async Task Permissions_are_those_of_the_request()
    {
        // Devices that every root may open for both, so that only the cgroup can refuse.
        var device = Array.Find((string[])["/dev/fuse", "/dev/loop-control", "/dev/net/tun"], File.Exists);

        var finished = await RunAsync(
            "head -c 0 /dev/given && echo readable; true > /dev/given || echo refused",
            new Device { HostPath = device, ContainerPath = "/dev/given", Permissions = "r" });

        finished.Lines.Should().Equal("readable", "refused");
    }

    [NodeFact]
    public async Task A_device_that_was_not_given_cannot_be_made()
    {
        (await RunAsync("mknod /tmp/kmsg c 1 11; head -c 0 /tmp/kmsg || echo refused; mknod /tmp/null c 1 3; echo > /tmp/null && echo allowed")).Lines.Should().Equal("refused", "allowed");
    }

    [NodeFact]
    public async Task A_device_that_the_node_does_not_have_is_an_error_that_names_it()
    {
        await using var pod = await Node.RunPodAsync();

        var start = async () => await pod.StartAsync("true", config => config.Devices.Add(new Device { HostPath = "/dev/no-such-device", ContainerPath = "/dev/x", Permissions = "rw" }));

        (await start.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("/dev/no-such-device");
    }

    private async Task<Finished> RunAsync(string script, params Device[] devices)
    {
        await using var pod = await Node.RunPodAsync();
        return await pod.RunAsync(script, config => config.Devices.Add(devices));
    }
}
