using Orlop.Cli.Client;
using Orlop.Cli.Tests.Fakes;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Commands;

/// <summary>A node with two pods, three containers and two images, for the listing commands.</summary>
internal static class SampleNode
{
    public static readonly string Web = FakeNode.IdOf("web");
    public static readonly string Proxy = FakeNode.IdOf("proxy");
    public static readonly string Job = FakeNode.IdOf("job");

    private static readonly string BusyboxId = "sha256:" + FakeNode.IdOf("busybox");

    public static void Fill(FakeNode node)
    {
        node.Images.Add(new Image
        {
            Id = BusyboxId, Size = 1_523_000, Uid = new Int64Value(), RepoTags = { "docker.io/library/busybox:1.36" },
            RepoDigests = { "docker.io/library/busybox@sha256:" + FakeNode.IdOf("manifest") },
        });
        node.Images.Add(new Image { Id = "sha256:" + FakeNode.IdOf("unnamed"), Size = 27 << 20, Username = "app", Pinned = true });

        var shop = AddPod(node, "shop", PodSandboxState.SandboxReady, TimeSpan.FromMinutes(90), "10.88.0.4", "fd00::4");
        var batch = AddPod(node, "batch", PodSandboxState.SandboxNotready, TimeSpan.FromDays(3));
        AddContainer(node, shop, Web, "web", ContainerState.ContainerRunning, TimeSpan.FromMinutes(89));
        AddContainer(node, shop, Proxy, "proxy", ContainerState.ContainerRunning, TimeSpan.FromSeconds(75), attempt: 2);
        var job = AddContainer(node, batch, Job, "job", ContainerState.ContainerExited, TimeSpan.FromDays(3));
        (job.ExitCode, job.Reason) = (137, "OOMKilled");
    }

    public static PodSandboxStatus AddPod(FakeNode node, string name, PodSandboxState state, TimeSpan age, params string[] addresses)
    {
        var pod = new PodSandboxStatus
        {
            Id = FakeNode.IdOf("pod " + name), State = state, CreatedAt = FrozenClock.Ago(age), RuntimeHandler = "",
            Metadata = new PodSandboxMetadata { Name = name, Namespace = "default", Uid = "uid-" + name },
            Labels = { ["app"] = name, [Labels.PodUid] = "uid-" + name },
            Network = new PodSandboxNetworkStatus { Ip = addresses.FirstOrDefault(""), AdditionalIps = { addresses.Skip(1).Select(ip => new PodIP { Ip = ip }) } },
        };
        node.Pods.Add(pod);
        return pod;
    }

    public static ContainerStatus AddContainer(
        FakeNode node, PodSandboxStatus pod, string id, string name, ContainerState state, TimeSpan age, uint attempt = 0)
    {
        var status = new ContainerStatus
        {
            Id = id, State = state, CreatedAt = FrozenClock.Ago(age), StartedAt = FrozenClock.Ago(age), ImageId = BusyboxId, ImageRef = BusyboxId,
            Metadata = new ContainerMetadata { Name = name, Attempt = attempt }, Image = new ImageSpec { Image = BusyboxId },
            Labels = { [Labels.PodName] = pod.Metadata.Name, [Labels.PodNamespace] = pod.Metadata.Namespace, [Labels.ContainerName] = name },
        };
        node.Containers.Add((pod.Id, status));
        return status;
    }
}
