using System.Collections.Concurrent;
using Orlop.Cri.V1;
using Orlop.Testing.Cri;
using Orlop.Testing.Images;
using Orlop.Testing.Machines;
using Orlop.Testing.Registry;
using Xunit;

namespace Orlop.Testing.Nodes;

/// <summary>
/// A node of its own: orlopd from the built tree in its own mount and network namespaces and cgroup, with a real registry
/// and the real CNI plugins. As a class fixture it is shared by the tests of one class.
/// </summary>
/// <remarks>Disposing it removes every pod, ends the daemon, and fails when anything of them is left.</remarks>
public sealed class Node : IAsyncLifetime, IAsyncDisposable
{
    private readonly NodeOptions _options;
    private readonly ConcurrentDictionary<string, Task<string>> _pulls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PushedImage> _images = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _ids = [];
    private NodeNamespaces? _namespaces;
    private RegistryProcess? _registry;
    private RegistryProcess? _privateRegistry;
    private DaemonProcess? _daemon;
    private CriClient? _cri;
    private IReadOnlyList<string> _mountsAtStart = [];
    private int _pods;

    /// <summary>A usual node.</summary>
    public Node()
        : this(new NodeOptions())
    {
    }

    private Node(NodeOptions options)
    {
        _options = options;
        Name = "orlop-" + Guid.NewGuid().ToString("N")[..8];
        Folder = new NodeFolder(Name);
        Log = new DaemonLog(Folder.DaemonLog);
    }

    /// <summary>The name of the node; also of its cgroup.</summary>
    public string Name { get; }

    /// <summary>Its files.</summary>
    public NodeFolder Folder { get; }

    /// <summary>What orlopd logged.</summary>
    public DaemonLog Log { get; }

    /// <summary>The CRI.</summary>
    public CriClient Cri => _cri ?? throw NotStarted();

    /// <summary>The namespaces that the node lives in.</summary>
    public NodeNamespaces Namespaces => _namespaces ?? throw NotStarted();

    /// <summary>The registry at <c>localhost:5000</c>.</summary>
    public RegistryProcess Registry => _registry ?? throw NotStarted();

    /// <summary>The registry at <c>localhost:5001</c>, with a password.</summary>
    public RegistryProcess PrivateRegistry => _privateRegistry ?? throw NotStarted();

    /// <summary>The running daemon.</summary>
    public DaemonProcess Daemon => _daemon ?? throw NotStarted();

    /// <summary>Starts a node that differs from the usual one.</summary>
    public static async Task<Node> StartAsync(NodeOptions options)
    {
        var node = new Node(options);
        await node.InitializeAsync();
        return node;
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Machine.LacksForNode is not null)
        {
            return; // every test of the class is skipped
        }

        CgroupTree.Create($"/{Name}/daemon");
        _namespaces = await NodeNamespaces.CreateAsync(Folder.Path, Name, _options.RootSize);
        _registry = await RegistryProcess.StartAsync(_namespaces, Folder.Below("registry"), 5000);
        Folder.WriteHost("localhost:5000", "http://localhost:5000");
        Folder.WriteHost("docker.io", "http://localhost:5000");
        if (_options.PrivateRegistry)
        {
            _privateRegistry = await RegistryProcess.StartAsync(_namespaces, Folder.Below("registry-private"), 5001, authenticated: true);
            Folder.WriteHost("localhost:5001", "http://localhost:5001");
        }

        if (_options.Images)
        {
            await Task.WhenAll(TestImages.All.Select(PushAsync));
        }

        if (_options.Network)
        {
            Folder.WriteNetworkConfiguration();
        }

        Folder.WriteConfiguration(_options);
        _cri = new CriClient(Folder.Socket);
        _mountsAtStart = _namespaces.MountPoints();
        await StartDaemonAsync();
    }

    /// <summary>Starts orlopd and waits until it answers.</summary>
    public Task StartDaemonAsync()
    {
        LaunchDaemon();
        return WaitForDaemonAsync();
    }

    /// <summary>Starts orlopd and does not wait.</summary>
    public void LaunchDaemon() => _daemon = DaemonProcess.Start(Namespaces, Folder, $"/{Name}/daemon");

    /// <summary>Waits until orlopd answers.</summary>
    public Task WaitForDaemonAsync() => Eventually.PassesAsync(
        async () =>
        {
            if (Daemon.HasExited)
            {
                throw new InvalidOperationException($"orlopd has ended:\n{Log.Text}");
            }

            await Cri.Runtime.StatusAsync(new StatusRequest(), deadline: DateTime.UtcNow + Deadline.Seconds(5));
        },
        _options.StartPatience);

    /// <summary>Ends orlopd by SIGKILL and starts it again.</summary>
    public async Task CrashAndRestartAsync()
    {
        await Daemon.KillAsync();
        Daemon.Dispose();
        await StartDaemonAsync();
    }

    /// <summary>Pushes an image to the node's registry, where <see cref="Image"/> finds it.</summary>
    public async Task<PushedImage> PushAsync(ImageRecipe recipe)
    {
        var pushed = await Registry.PushAsync(recipe);
        _images[recipe.Name] = pushed;
        return pushed;
    }

    /// <summary>A pushed image.</summary>
    public PushedImage Image(ImageRecipe recipe) => _images[recipe.Name];

    /// <summary>PullImage, once for each reference; gives the image's id.</summary>
    public Task<string> PullAsync(string reference) => _pulls.GetOrAdd(
        reference,
        async name => (await Cri.Images.PullImageAsync(new() { Image = new ImageSpec { Image = name } })).ImageRef);

    /// <summary>A configuration for a pod as a kubelet would have it: own log folder, own cgroup.</summary>
    public PodSandboxConfig PodConfig(string? name = null)
    {
        name ??= $"pod-{Interlocked.Increment(ref _pods)}";
        var uid = Guid.NewGuid().ToString();
        var config = new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Name = name, Namespace = "default", Uid = uid },
            Hostname = name,
            LogDirectory = Path.Combine(Folder.Logs, $"default_{name}_{uid}"),
            Labels = { ["io.kubernetes.pod.name"] = name, ["io.kubernetes.pod.namespace"] = "default", ["io.kubernetes.pod.uid"] = uid },
            Linux = new LinuxPodSandboxConfig
            {
                CgroupParent = $"/{Name}/pod{uid}",
                SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = new NamespaceOption { Pid = NamespaceMode.Container } },
            },
        };
        Directory.CreateDirectory(config.LogDirectory);
        return config;
    }

    /// <summary>RunPodSandbox of <see cref="PodConfig"/>, changed by <paramref name="configure"/>.</summary>
    public Task<Pod> RunPodAsync(Action<PodSandboxConfig>? configure = null)
    {
        var config = PodConfig();
        configure?.Invoke(config);
        return RunPodAsync(config);
    }

    /// <summary>RunPodSandbox in the cgroup that a kubelet would have made before.</summary>
    public async Task<Pod> RunPodAsync(PodSandboxConfig config, string handler = "")
    {
        if (config.Linux.CgroupParent.Length > 0)
        {
            CgroupTree.Create(config.Linux.CgroupParent);
        }

        var run = await Cri.Runtime.RunPodSandboxAsync(new() { Config = config, RuntimeHandler = handler });
        Remember(run.PodSandboxId);
        return new Pod(this, run.PodSandboxId, config);
    }

    /// <summary>Waits until nothing of any pod is left on the node: for tests that have removed all of theirs.</summary>
    public Task VerifyEmptyAsync() =>
        Eventually.PassesAsync(new NodeLeftovers(this, _ids, _mountsAtStart).VerifyPodsAreGoneAsync, Deadline.Seconds(30));

    /// <summary>Notes an id of which nothing may be left at the end.</summary>
    internal void Remember(string id) => _ids.Add(id);

    /// <inheritdoc/>
    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_namespaces is null)
        {
            Directory.Delete(Folder.Path, recursive: true);
            return;
        }

        try
        {
            await EndAsync();
        }
        finally
        {
            await SweepAsync(_namespaces);
        }
    }

    private async Task EndAsync()
    {
        if (_daemon is null || _daemon.HasExited)
        {
            throw new InvalidOperationException($"orlopd has ended by itself; the end of its log:\n{Log.Text[Math.Max(0, Log.Text.Length - 4000)..]}");
        }

        foreach (var sandbox in (await Cri.Runtime.ListPodSandboxAsync(new())).Items)
        {
            await Cri.Runtime.StopPodSandboxAsync(new() { PodSandboxId = sandbox.Id });
            await Cri.Runtime.RemovePodSandboxAsync(new() { PodSandboxId = sandbox.Id });
        }

        var leftovers = new NodeLeftovers(this, _ids, _mountsAtStart);
        await Eventually.PassesAsync(leftovers.VerifyPodsAreGoneAsync, Deadline.Seconds(10));
        if (await _daemon.TerminateAsync() is not 0 and var code)
        {
            throw new InvalidOperationException($"orlopd exited with {code} after SIGTERM");
        }

        await Eventually.PassesAsync(leftovers.VerifyDaemonIsGone, Deadline.Seconds(10));
    }

    private async Task SweepAsync(NodeNamespaces namespaces)
    {
        _cri?.Dispose();
        foreach (var pid in NodeLeftovers.Processes(this, _ids))
        {
            Libc.Kill(pid, Signals.Kill);
        }

        if (_daemon is not null)
        {
            await _daemon.KillAsync();
            _daemon.Dispose();
        }

        foreach (var registry in (RegistryProcess?[])[_registry, _privateRegistry])
        {
            await (registry?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        await namespaces.DisposeAsync();
        await Eventually.PassesAsync(() => CgroupTree.Remove("/" + Name));
        Directory.Delete(Folder.Path, recursive: true);
    }

    private static InvalidOperationException NotStarted() => new("the node was not started");
}
