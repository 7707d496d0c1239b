using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.PluginContracts;
using Orlop.Windows.Backend;
using Orlop.Windows.Planning;
using Orlop.Windows.Simulator;

namespace Orlop.Windows.Tests.Support;

/// <summary>A Windows node in memory, with the plugin's backend on it.</summary>
internal sealed class SimulatedNode : IDisposable
{
    public const string SleeperProgram = "sleeper.exe";
    public const string WriterProgram = "writer.exe";

    /// <summary>STATUS_CONTROL_C_EXIT: how a program ends on a console control event.</summary>
    public const uint ControlExit = 0xC000013A;

    private readonly MemoryRecordStore _records = new();
    private readonly SimulatedHost _host = new();

    public SimulatedNode()
    {
        Service = new SimulatedService(Network, SharedReference.Schema);
        Session = Service.Connect();
        Logs = Directory.CreateTempSubdirectory("orlop-windows-").FullName;
        Service.Install(SleeperProgram, async context =>
        {
            await context.Signal;
            return ControlExit;
        });
        Service.Install(WriterProgram, async context =>
        {
            await context.WriteLineAsync(context.Arguments[1]);
            return uint.Parse(context.Arguments[2], CultureInfo.InvariantCulture);
        });
    }

    public SimulatedService Service { get; }

    public SimulatedNetwork Network { get; } = new();

    public SimulatedLayers Layers { get; } = new();

    /// <summary>The running daemon's connection.</summary>
    public SimulatedSession Session { get; private set; }

    public string Logs { get; }

    public WindowsBackend NewBackend()
    {
        var stop = new StopPolicy(Session, TimeProvider.System);
        return new WindowsBackend(new BackendParts(
            new WindowsSettings(),
            Session,
            Network,
            Layers,
            _host,
            new ContainerPlanner(_host, _host.Processors),
            new BackendRecords(_records),
            stop,
            TimeProvider.System,
            NullLogger<WindowsBackend>.Instance));
    }

    /// <summary>The daemon is killed and started again.</summary>
    public WindowsBackend Restart()
    {
        Session.Kill();
        Session = Service.Connect();
        return NewBackend();
    }

    public ContainerSpec Container(string sandboxId, string? logPath, params string[] command)
    {
        string id = Guid.NewGuid().ToString("N");
        return new ContainerSpec
        {
            Id = id,
            SandboxId = sandboxId,
            Name = "app",
            Oci = new Spec { Process = new Process { Args = command, Cwd = @"C:\" } },
            Rootfs = [new RootfsMount("windows-layer", $@"C:\snapshots\{id}", [@"layer=C:\layers\2", @"layer=C:\layers\1"])],
            User = new UserRequest(),
            LogPath = logPath,
        };
    }

    public static SandboxSpec Pod() => new() { Id = Guid.NewGuid().ToString("N"), Name = "pod", Namespace = "default", Uid = "uid", Hostname = "pod1" };

    public void Dispose() => Directory.Delete(Logs, recursive: true);
}
