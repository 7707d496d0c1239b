using System.Text.Json;
using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Contract;

/// <summary>What operators expect of paths, signals and annotations; the section on conventions of the contract with the kubelet.</summary>
public sealed class Conventions(Node node) : NodeTest(node)
{
    // Sockets and paths.
    [NodeFact]
    public async Task The_socket_is_for_root_and_its_group_only()
    {
        (await Node.Namespaces.RunAsync($"stat -c '%a %u %g' {Node.Folder.Socket}; stat -c %a {Node.Folder.Root}")).Split('\n')[..2].Should().Equal("660 0 0", "700");
    }

    // Signals: a reload.
    [NodeFact]
    public async Task SIGHUP_is_survived()
    {
        var pid = Node.Daemon.Pid;

        Node.Daemon.Signal(Signals.Hangup);

        await Node.Cri.Runtime.VersionAsync(new());
        await Eventually.PassesAsync(async () => await Node.Cri.Runtime.StatusAsync(new()));
        (Node.Daemon.HasExited, Node.Daemon.Pid).Should().Be((false, pid));
    }

    // Signals: both end the daemon, and no pod.
    [NodeTheory]
    [InlineData(Signals.Terminate)]
    [InlineData(Signals.Interrupt)]
    public async Task The_daemon_ends_on_TERM_and_INT_and_its_pods_run_on(int signal)
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.StartAsync("while :; do echo line; sleep 0.05; done");

        (await Node.Daemon.EndAsync(signal)).Should().Be(0);
        var lines = container.Log().Count;
        await Eventually.PassesAsync(() => container.Log().Count.Should().BeGreaterThan(lines));
        await Node.StartDaemonAsync();

        (await container.StatusAsync()).State.Should().Be(ContainerState.ContainerRunning);
    }

    // Annotations: what other tools read from the specification of a container.
    [NodeFact]
    public async Task The_specification_of_a_container_carries_the_annotations_that_tools_read()
    {
        await using var pod = await Node.RunPodAsync();
        var container = await pod.CreateAsync("true");

        using var info = JsonDocument.Parse((await container.InfoAsync())["info"]);

        var annotations = info.RootElement.GetProperty("runtimeSpec").GetProperty("annotations").Deserialize<Dictionary<string, string>>()!;
        annotations.Should().Contain(new Dictionary<string, string>
        {
            ["io.kubernetes.cri.container-type"] = "container",
            ["io.kubernetes.cri.container-name"] = container.Config.Metadata.Name,
            ["io.kubernetes.cri.image-name"] = container.Config.Image.Image,
            ["io.kubernetes.cri.sandbox-id"] = pod.Id,
            ["io.kubernetes.cri.sandbox-name"] = pod.Config.Metadata.Name,
            ["io.kubernetes.cri.sandbox-namespace"] = pod.Config.Metadata.Namespace,
            ["io.kubernetes.cri.sandbox-uid"] = pod.Config.Metadata.Uid,
        });
    }

    // Paths and sockets: what an empty configuration means.
    [NodeFact]
    public async Task Defaults_are_the_usual_places()
    {
        var configuration = await Node.Namespaces.RunAsync($"echo > {Node.Folder.Below("empty.toml")}; {Repository.Dist}/orlopd/orlopd --config {Node.Folder.Below("empty.toml")} config show");

        configuration.Should().ContainAll("/run/orlop/orlop.sock", "/var/lib/orlop", "/etc/cni/net.d", "/opt/cni/bin", "/etc/containerd/certs.d");
    }
}
