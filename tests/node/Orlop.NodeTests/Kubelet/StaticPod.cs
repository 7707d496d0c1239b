using Orlop.Testing.Images;
using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Kubelet;

public sealed class StaticPod(Node node) : NodeTest(node)
{
    private RuntimeService.RuntimeServiceClient Runtime => Node.Cri.Runtime;

    /// <summary>What a kubelet does for a static pod with an init container, an app that fails once, a probe and a volume.</summary>
    [NodeFact]
    public async Task A_static_pod_goes_through_its_whole_life()
    {
        var config = Node.PodConfig("static-web");
        config.DnsConfig = new DNSConfig { Servers = { "10.96.0.10" }, Searches = { "cluster.local" }, Options = { "ndots:5" } };
        config.PortMappings.Add(new PortMapping { ContainerPort = 80, HostPort = 38080 });
        config.Annotations["kubernetes.io/config.source"] = "file";
        config.Linux.SecurityContext.Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault };
        config.Linux.Resources = new LinuxContainerResources { CpuPeriod = 100_000, CpuQuota = 50_000, CpuShares = 256, MemoryLimitInBytes = 128 << 20 };
        config.Linux.Overhead = new LinuxContainerResources();
        var volume = Directory.CreateDirectory(Path.Combine(Node.Folder.Shared, "volume")).FullName;
        var image = Node.Image(TestImages.Busybox).Reference;

        // The image, as EnsureImageExists does.
        (await Node.Cri.Images.ImageStatusAsync(new() { Image = new() { Image = image } })).Image.Should().BeNull();
        var imageId = (await Node.Cri.Images.PullImageAsync(new() { Image = new() { Image = image }, SandboxConfig = config })).ImageRef;

        // The sandbox and the init container.
        await using var pod = await Node.RunPodAsync(config);
        var init = await StartAsync(pod, "init", 0, "cp /etc/passwd /volume/state; echo initialized");
        (await init.FinishAsync()).Status.Reason.Should().Be("Completed");

        // The app fails at first; the kubelet starts attempt 1 with a log file of its own.
        var failed = await StartAsync(pod, "app", 0, "echo crash; exit 1");
        (await failed.FinishAsync()).Status.ExitCode.Should().Be(1);
        var app = await StartAsync(pod, "app", 1, "trap 'echo bye; exit 0' TERM; grep -c root /volume/state; echo served > /index.html; httpd -p 80 -h /; echo ready; while :; do sleep 0.05; done");
        await app.WaitForLogAsync("ready");
        await failed.RemoveAsync();
        File.Exists(failed.LogPath).Should().BeTrue("logs are the kubelet's to delete");

        // The probe, the service, the numbers.
        (await Runtime.ExecSyncAsync(new() { ContainerId = app.Id, Cmd = { "/bin/wget", "-q", "-O", "-", "http://127.0.0.1/" }, Timeout = 5 })).ExitCode.Should().Be(0);
        using (var http = Node.Namespaces.CreateHttpClient("http://127.0.0.1:38080"))
        {
            (await http.GetStringAsync(new Uri("/", UriKind.Relative))).Should().Be("served\n");
        }

        (await Runtime.ListContainerStatsAsync(new() { Filter = new() { LabelSelector = { ["io.kubernetes.pod.uid"] = config.Metadata.Uid } } })).Stats
            .Should().ContainSingle().Which.Attributes.Metadata.Attempt.Should().Be(1);
        var status = await app.StatusAsync();
        (status.ImageId, status.Metadata.Attempt, status.State).Should().Be((imageId, 1u, ContainerState.ContainerRunning));

        // The end: containers first, then the sandbox, later garbage collection.
        await app.StopAsync(TimeSpan.FromSeconds(30));
        var finished = await app.FinishAsync();
        (finished.Status.ExitCode, finished.Lines[^1]).Should().Be((0, "bye"));
        await pod.StopAsync();
        (await pod.StatusAsync()).State.Should().Be(PodSandboxState.SandboxNotready);
        foreach (var container in (await Runtime.ListContainersAsync(new() { Filter = new() { PodSandboxId = pod.Id } })).Containers)
        {
            await Runtime.RemoveContainerAsync(new() { ContainerId = container.Id });
        }

        await pod.RemoveAsync();
        (await Runtime.ListPodSandboxAsync(new())).Items.Should().BeEmpty();
        CgroupTree.Remove(config.Linux.CgroupParent);
        await Node.Cri.Images.RemoveImageAsync(new() { Image = new() { Image = imageId } });

        async Task<PodContainer> StartAsync(Pod inPod, string name, uint attempt, string script)
        {
            var container = inPod.ContainerConfig(script, name);
            container.Metadata.Attempt = attempt;
            container.LogPath = $"{name}/{attempt}.log";
            container.Image = new ImageSpec { Image = imageId, UserSpecifiedImage = image };
            container.Annotations["io.kubernetes.container.restartCount"] = attempt.ToString();
            container.Mounts.Add(new Mount { HostPath = volume, ContainerPath = "/volume" });
            container.Linux.Resources = new LinuxContainerResources
            {
                CpuPeriod = 100_000, CpuQuota = 50_000, CpuShares = 256, MemoryLimitInBytes = 128 << 20, OomScoreAdj = 999,
                HugepageLimits = { new HugepageLimit { PageSize = "2MB" }, new HugepageLimit { PageSize = "1GB" } },
            };
            container.Linux.SecurityContext.Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault };
            container.Linux.SecurityContext.NoNewPrivs = true;
            Directory.CreateDirectory(Path.Combine(inPod.Config.LogDirectory, name));
            var created = await Runtime.CreateContainerAsync(new() { PodSandboxId = inPod.Id, Config = container, SandboxConfig = inPod.Config });
            await Runtime.StartContainerAsync(new() { ContainerId = created.ContainerId });
            return new PodContainer(Node, inPod, created.ContainerId, container);
        }
    }
}
