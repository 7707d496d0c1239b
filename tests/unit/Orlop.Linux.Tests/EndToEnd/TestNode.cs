using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Abstractions.Plugins;
using Orlop.Linux.Tests.Supervisor;
using Orlop.Testing;

namespace Orlop.Linux.Tests.EndToEnd;

/// <summary>The backend on this machine, with a root file system made of a static busybox.</summary>
public class TestNode : IAsyncLifetime
{
    private static readonly string[] Capabilities =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP",
        "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    private static readonly string[] MaskedPaths = ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"];
    private static readonly string[] ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    private readonly List<IExecutionBackend> _backends = [];

    /// <summary>Everything of this node's.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("orlop-e2e-").FullName;

    public string Rootfs => $"{Folder}/rootfs";

    public string Logs => $"{Folder}/logs";

    internal IExecutionBackend Backend => _backends[^1];

    /// <summary>Where the backend looks for cgroups.</summary>
    public string Cgroups => CgroupRoot;

    /// <inheritdoc cref="Cgroups"/>
    protected virtual string CgroupRoot => "/sys/fs/cgroup";

    public static string NewId() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    public Task InitializeAsync()
    {
        if (new SupervisorFactAttribute().Skip is not null) return Task.CompletedTask;
        foreach (string folder in (string[])["bin", "etc", "tmp", "proc", "sys", "dev", "home/web"]) Directory.CreateDirectory($"{Rootfs}/{folder}");
        Directory.CreateDirectory(Logs);
        Directory.CreateDirectory($"{Folder}/state");
        File.Copy("/bin/busybox", $"{Rootfs}/bin/busybox");
        foreach (string tool in (string[])["sh", "cat", "ls", "id", "sleep", "echo", "mount", "stat", "head", "dd", "env", "mknod", "hostname", "ps", "true", "touch", "kill", "pwd", "grep", "seq", "wc", "tr", "mkdir", "ip", "tty", "stty"])
            File.CreateSymbolicLink($"{Rootfs}/bin/{tool}", "busybox");
        File.WriteAllText($"{Rootfs}/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1000:web:/home/web:/bin/sh\n");
        File.WriteAllText($"{Rootfs}/etc/group", "root:x:0:\nweb:x:1000:\nextra:x:2000:web\n");
        Restart();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_backends.Count == 0) return;
        foreach (IExecutionBackend backend in _backends) await ((IPluginService)backend).StopAsync(CancellationToken.None);
        await Restart().ReconcileAsync(_ => false, CancellationToken.None); // releases every pod
        await ((IPluginService)Backend).StopAsync(CancellationToken.None);
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A backend anew over the same folders, as after a restart of the host.</summary>
    internal IExecutionBackend Restart()
    {
        var context = new PluginContext
        {
            Id = "linux-native",
            Folder = Folder,
            RootFolder = $"{Folder}/root",
            StateFolder = $"{Folder}/state",
            Settings = new PluginSettings(new Dictionary<string, object>
            {
                ["supervisor"] = SupervisorFactAttribute.Binary, ["cgroup_root"] = CgroupRoot, ["host_path_timeout"] = 5L,
            }),
        };
        _backends.Add(LinuxModule.CreateBackend(context, TimeProvider.System, NullLogger.Instance));
        return Backend;
    }

    public static SandboxSpec Pod() => new() { Id = NewId(), Name = "pod", Namespace = "default", Uid = "u", Hostname = "pod" };

    public Task<ISandbox> RunPodAsync(SandboxSpec? spec = null) => Backend.CreateSandboxAsync(spec ?? Pod(), Silence.Instance, CancellationToken.None);

    public ContainerSpec Container(ISandbox sandbox, params string[] command)
    {
        string id = NewId();
        return new ContainerSpec
        {
            Id = id,
            SandboxId = sandbox.Id,
            Name = "test",
            User = new UserRequest(),
            Rootfs = [new RootfsMount("overlay", "overlay", [$"lowerdir+={Rootfs}", $"upperdir={Layer(id, "upper")}", $"workdir={Layer(id, "work")}"])],
            LogPath = $"{Logs}/{id}.log",
            Oci = new Spec
            {
                Process = new Process
                {
                    Args = command,
                    Env = ["PATH=/bin"],
                    Cwd = "/",
                    NoNewPrivileges = true,
                    Capabilities = new LinuxCapabilities { Bounding = Capabilities, Effective = Capabilities, Permitted = Capabilities },
                },
                Root = new Root(),
                Mounts =
                [
                    new Mount { Destination = "/proc", Type = "proc", Source = "proc", Options = ["nosuid", "noexec", "nodev"] },
                    new Mount { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755", "size=65536k"] },
                    new Mount { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
                    new Mount { Destination = "/dev/mqueue", Type = "mqueue", Source = "mqueue", Options = ["nosuid", "noexec", "nodev"] },
                    new Mount { Destination = "/sys", Type = "sysfs", Source = "sysfs", Options = ["nosuid", "noexec", "nodev", "ro"] },
                    new Mount { Destination = "/sys/fs/cgroup", Type = "cgroup", Source = "cgroup", Options = ["nosuid", "noexec", "nodev", "relatime", "ro"] },
                    .. sandbox.SharedMounts,
                ],
                Linux = new Orlop.Abstractions.Oci.Runtime.Linux
                {
                    Namespaces = [new LinuxNamespace { Type = "mount" }, new LinuxNamespace { Type = "cgroup" }, new LinuxNamespace { Type = "pid" }, .. sandbox.Namespaces.Where(n => n.Type != "pid")],
                    MaskedPaths = MaskedPaths,
                    ReadonlyPaths = ReadonlyPaths,
                },
            },
        };
    }

    public static async Task<IContainer> StartAsync(ISandbox sandbox, ContainerSpec spec)
    {
        IContainer container = await sandbox.CreateContainerAsync(spec, Silence.Instance, CancellationToken.None);
        await container.StartAsync(Silence.Instance, CancellationToken.None);
        return container;
    }

    /// <summary>Runs a container to its end.</summary>
    /// <returns>Its exit, and what it wrote.</returns>
    public static async Task<(ContainerExit Exit, string Output)> RunAsync(ISandbox sandbox, ContainerSpec spec)
    {
        IContainer container = await StartAsync(sandbox, spec);
        ContainerExit exit = await container.Exit.WaitAsync(Deadline.Seconds(30));
        return (exit, Output(spec));
    }

    /// <summary>What a container wrote, without the log's own fields.</summary>
    public static string Output(ContainerSpec spec) =>
        string.Concat(File.ReadLines(spec.LogPath!, Encoding.UTF8).Select(line => line.Split(' ', 4)[3] + "\n"));

    private string Layer(string id, string name) => Directory.CreateDirectory($"{Folder}/snapshots/{id}/{name}").FullName;

    /// <summary>A phase that nobody looks at.</summary>
    internal sealed class Silence : IPhase
    {
        public static Silence Instance { get; } = new();

        public IPhase Begin(string name) => this;

        public void Note(string detail) => System.Diagnostics.Debug.WriteLine(detail);

        public void Dispose()
        {
        }
    }
}
