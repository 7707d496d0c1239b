using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux;
using Orlop.PluginContracts;
using Orlop.Testing;

namespace Orlop.ContractTests;

/// <summary>With the built supervisor and a root file system made of a static busybox.</summary>
public sealed class LinuxExecutionBackendContract : ExecutionBackendContract, IAsyncLifetime
{
    private readonly PluginScope _scope = new(() => new LinuxModule());

    public LinuxExecutionBackendContract()
    {
        _scope.Settings["supervisor"] = Environment.GetEnvironmentVariable("ORLOP_SUPERVISOR") is { Length: > 0 } path
            ? path
            : Path.Combine(Repository.Dist, "plugins", "linux-native", "orlop-supervisor");
        _scope.Settings["cgroup_root"] = "/sys/fs/cgroup";
        _scope.Settings["host_path_timeout"] = 20L;
        string bin = Directory.CreateDirectory(Path.Join(_scope.Folder, "rootfs", "bin")).FullName;
        File.Copy("/bin/busybox", Path.Join(bin, "busybox"));
        foreach (string tool in (string[])["sh", "sleep", "echo"]) File.CreateSymbolicLink(Path.Join(bin, tool), "busybox");
        Directory.CreateDirectory(LogFolder);
    }

    protected override string LogFolder => Path.Join(_scope.Folder, "logs");

    protected override IReadOnlyList<string> SleepCommand => ["sleep", "1000"];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        IExecutionBackend backend = await CreateAsync(restart: true);
        await backend.ReconcileAsync(_ => false, CancellationToken.None); // releases what a failed test left
        await _scope.DisposeAsync();
    }

    protected override async Task<IExecutionBackend> CreateAsync(bool restart = false)
    {
        await _scope.StartAsync();
        return _scope.Resolve<IExecutionBackend>();
    }

    protected override ContainerSpec Sleeper(ISandbox sandbox) => Container(sandbox, null, "sh", "-c", "trap 'exit 1' TERM; while true; do sleep 0.1; done");

    protected override ContainerSpec Writer(ISandbox sandbox, string line, int exitCode, string logPath) => Container(sandbox, logPath, "sh", "-c", $"echo {line}; exit {exitCode}");

    protected override ContainerSpec Impossible(ISandbox sandbox) => Container(sandbox, null, "no-such-command");

    protected override IReadOnlyList<string> WriteCommand(string line, int exitCode) => ["sh", "-c", $"echo {line}; exit {exitCode}"];

    private ContainerSpec Container(ISandbox sandbox, string? log, params string[] command)
    {
        string id = NewId();
        return new ContainerSpec
        {
            Id = id,
            SandboxId = sandbox.Id,
            Name = "contract",
            User = new UserRequest(),
            LogPath = log,
            Rootfs = [new RootfsMount("overlay", "overlay", [$"lowerdir+={Path.Join(_scope.Folder, "rootfs")}", $"upperdir={Layer(id, "upper")}", $"workdir={Layer(id, "work")}"])],
            Oci = new Spec
            {
                Process = new Process { Args = command, Env = ["PATH=/bin"], Cwd = "/" },
                Mounts = [new Mount { Destination = "/proc", Type = "proc", Source = "proc" }, .. sandbox.SharedMounts],
                Linux = new Abstractions.Oci.Runtime.Linux
                {
                    Namespaces = [new LinuxNamespace { Type = "mount" }, new LinuxNamespace { Type = "pid" }, .. sandbox.Namespaces],
                },
            },
        };
    }

    private string Layer(string id, string name) => Directory.CreateDirectory(Path.Join(_scope.Folder, "snapshots", id, name)).FullName;
}
