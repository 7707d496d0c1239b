using Grpc.Net.Client;
using Orlop.Cri.V1;

namespace Orlop.Bench.Nodes;

/// <summary>Makes pods and containers on any CRI endpoint.</summary>
internal sealed class BenchClient : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private int _number;

    public BenchClient(string socket, string image)
    {
        _channel = CriChannel.Open(socket);
        Runtime = new RuntimeService.RuntimeServiceClient(_channel);
        Images = new ImageService.ImageServiceClient(_channel);
        Image = image;
        LogFolder = Directory.CreateTempSubdirectory("orlop-bench-").FullName;
    }

    public RuntimeService.RuntimeServiceClient Runtime { get; }

    public ImageService.ImageServiceClient Images { get; }

    public string Image { get; }

    public string LogFolder { get; }

    /// <summary>A pod's configuration with a name of its own.</summary>
    public PodSandboxConfig Pod(bool hostNetwork)
    {
        string name = $"bench-{_run}-{Interlocked.Increment(ref _number)}";
        return new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Name = name, Namespace = "bench", Uid = name },
            Hostname = hostNetwork ? "" : name,
            LogDirectory = LogFolder,
            Linux = new LinuxPodSandboxConfig
            {
                CgroupParent = $"/bench-pods/{name}",
                SecurityContext = new LinuxSandboxSecurityContext
                {
                    NamespaceOptions = new NamespaceOption { Network = hostNetwork ? NamespaceMode.Node : NamespaceMode.Pod, Pid = NamespaceMode.Container },
                    Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault },
                },
            },
        };
    }

    /// <summary>A container that sleeps until it is told to end, with what a kubelet asks for.</summary>
    public ContainerConfig Sleeper(PodSandboxConfig pod, int number = 0) => new()
    {
        Metadata = new ContainerMetadata { Name = $"c{number}" },
        Image = new ImageSpec { Image = Image },
        Command = { "/bin/sh", "-c", "trap 'exit 0' TERM; sleep 100000 & wait" },
        LogPath = $"{pod.Metadata.Name}-{number}.log",
        Linux = new LinuxContainerConfig
        {
            Resources = new LinuxContainerResources { CpuShares = 102, MemoryLimitInBytes = 64 << 20, OomScoreAdj = 999 },
            SecurityContext = new LinuxContainerSecurityContext
            {
                NamespaceOptions = pod.Linux.SecurityContext.NamespaceOptions,
                Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault },
                MaskedPaths = { "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/scsi", "/sys/firmware" },
                ReadonlyPaths = { "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger" },
            },
        },
    };

    /// <summary>Pulls the containers' image.</summary>
    public async Task PullAsync(CancellationToken cancellationToken) =>
        await Images.PullImageAsync(new PullImageRequest { Image = new ImageSpec { Image = Image } }, cancellationToken: cancellationToken);

    public async Task<string> RunPodAsync(PodSandboxConfig pod, CancellationToken cancellationToken) =>
        (await Runtime.RunPodSandboxAsync(new RunPodSandboxRequest { Config = pod }, cancellationToken: cancellationToken)).PodSandboxId;

    /// <summary>Makes and starts a sleeper in a pod.</summary>
    public async Task<string> RunContainerAsync(string sandbox, PodSandboxConfig pod, int number, CancellationToken cancellationToken)
    {
        var create = new CreateContainerRequest { PodSandboxId = sandbox, Config = Sleeper(pod, number), SandboxConfig = pod };
        string id = (await Runtime.CreateContainerAsync(create, cancellationToken: cancellationToken)).ContainerId;
        await Runtime.StartContainerAsync(new StartContainerRequest { ContainerId = id }, cancellationToken: cancellationToken);
        return id;
    }

    public async Task RemoveContainerAsync(string container, CancellationToken cancellationToken)
    {
        await Runtime.StopContainerAsync(new StopContainerRequest { ContainerId = container, Timeout = 0 }, cancellationToken: cancellationToken);
        await Runtime.RemoveContainerAsync(new RemoveContainerRequest { ContainerId = container }, cancellationToken: cancellationToken);
    }

    public async Task RemovePodAsync(string sandbox, CancellationToken cancellationToken)
    {
        await Runtime.StopPodSandboxAsync(new StopPodSandboxRequest { PodSandboxId = sandbox }, cancellationToken: cancellationToken);
        await Runtime.RemovePodSandboxAsync(new RemovePodSandboxRequest { PodSandboxId = sandbox }, cancellationToken: cancellationToken);
    }

    public void Dispose()
    {
        _channel.Dispose();
        Directory.Delete(LogFolder, recursive: true);
    }
}
