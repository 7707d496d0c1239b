using Orlop.Cri.V1;
using Orlop.Testing.Images;
using Orlop.Testing.Machines;

namespace Orlop.Testing.Nodes;

/// <summary>A pod sandbox of a test; disposing stops and removes it and asserts that its cgroup is empty.</summary>
public sealed class Pod : IAsyncDisposable
{
    private static readonly string[] MaskedPaths =
        ["/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap"];

    private static readonly string[] ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    private readonly Node _node;
    private int _containers;
    private bool _removed;

    internal Pod(Node node, string id, PodSandboxConfig config) => (_node, Id, Config) = (node, id, config);

    /// <summary>The id of the sandbox.</summary>
    public string Id { get; }

    /// <summary>What it was run with.</summary>
    public PodSandboxConfig Config { get; }

    /// <summary>PodSandboxStatus.</summary>
    public async Task<PodSandboxStatus> StatusAsync() => (await _node.Cri.Runtime.PodSandboxStatusAsync(new() { PodSandboxId = Id })).Status;

    /// <summary>The pod's first address.</summary>
    public async Task<string> AddressAsync() => (await StatusAsync()).Network.Ip;

    /// <summary>A configuration for a container that runs a shell script as a kubelet would have it.</summary>
    public ContainerConfig ContainerConfig(string script, string? name = null)
    {
        name ??= $"c{Interlocked.Increment(ref _containers)}";
        return new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = name },
            Image = new ImageSpec { Image = _node.Image(TestImages.Busybox).Reference },
            Command = { "/bin/sh", "-c", script },
            LogPath = $"{name}/0.log",
            Labels = { ["io.kubernetes.container.name"] = name, ["io.kubernetes.pod.uid"] = Config.Metadata.Uid },
            Linux = new LinuxContainerConfig
            {
                Resources = new LinuxContainerResources(),
                SecurityContext = new LinuxContainerSecurityContext
                {
                    Capabilities = new Capability(),
                    NamespaceOptions = new NamespaceOption(Config.Linux.SecurityContext.NamespaceOptions),
                    Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.Unconfined },
                    MaskedPaths = { MaskedPaths },
                    ReadonlyPaths = { ReadonlyPaths },
                },
            },
        };
    }

    /// <summary>CreateContainer.</summary>
    public async Task<PodContainer> CreateAsync(ContainerConfig config)
    {
        await _node.PullAsync(config.Image.Image);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Config.LogDirectory, config.LogPath))!);
        var created = await _node.Cri.Runtime.CreateContainerAsync(new() { PodSandboxId = Id, Config = config, SandboxConfig = Config });
        _node.Remember(created.ContainerId);
        return new PodContainer(_node, this, created.ContainerId, config);
    }

    /// <summary>Creates a container that runs a shell script.</summary>
    public Task<PodContainer> CreateAsync(string script, Action<ContainerConfig>? configure = null)
    {
        var config = ContainerConfig(script);
        configure?.Invoke(config);
        return CreateAsync(config);
    }

    /// <summary>Creates and starts a container that runs a shell script.</summary>
    public async Task<PodContainer> StartAsync(string script, Action<ContainerConfig>? configure = null)
    {
        var container = await CreateAsync(script, configure);
        await container.StartAsync();
        return container;
    }

    /// <summary>Runs a shell script in a container of its own to its end.</summary>
    public async Task<Finished> RunAsync(string script, Action<ContainerConfig>? configure = null) =>
        await (await StartAsync(script, configure)).FinishAsync();

    /// <summary>StopPodSandbox.</summary>
    public async Task StopAsync() => await _node.Cri.Runtime.StopPodSandboxAsync(new() { PodSandboxId = Id });

    /// <summary>RemovePodSandbox, and a look at what should be gone with it.</summary>
    public async Task RemoveAsync()
    {
        await _node.Cri.Runtime.RemovePodSandboxAsync(new() { PodSandboxId = Id });
        _removed = true;
        if (Config.Linux.CgroupParent.Length > 0)
        {
            await Eventually.PassesAsync(() =>
            {
                if (CgroupTree.Children(Config.Linux.CgroupParent) is { Count: > 0 } left)
                {
                    throw new InvalidOperationException($"the removed pod {Id} left cgroups: {string.Join(", ", left)}");
                }
            });
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_removed)
        {
            await StopAsync();
            await RemoveAsync();
        }
    }
}
