using System.Globalization;
using Orlop.Abstractions.Execution;
using Orlop.PluginContracts;
using Orlop.Windows.Tests.Support;

namespace Orlop.Windows.Tests.Backend;

public sealed class BackendContract : ExecutionBackendContract, IDisposable
{
    private readonly SimulatedNode _node = new();

    protected override IReadOnlyList<string> SleepCommand => [SimulatedNode.SleeperProgram];

    protected override string LogFolder => _node.Logs;

    protected override Task<IExecutionBackend> CreateAsync(bool restart = false) =>
        Task.FromResult<IExecutionBackend>(restart ? _node.Restart() : _node.NewBackend());

    protected override ContainerSpec Sleeper(ISandbox sandbox) => _node.Container(sandbox.Id, null, SimulatedNode.SleeperProgram);

    protected override ContainerSpec Writer(ISandbox sandbox, string line, int exitCode, string logPath) =>
        _node.Container(sandbox.Id, logPath, [.. WriteCommand(line, exitCode)]);

    protected override ContainerSpec Impossible(ISandbox sandbox) => _node.Container(sandbox.Id, null, "no-such-command.exe");

    protected override IReadOnlyList<string> WriteCommand(string line, int exitCode) =>
        [SimulatedNode.WriterProgram, line, exitCode.ToString(CultureInfo.InvariantCulture)];

    // Every pod of a test is removed by now, so everything must be gone, and no handle may have been misused.
    public void Dispose()
    {
        _node.Session.Misuse.Should().BeEmpty();
        _node.Session.OpenHandles.Should().Be(0);
        _node.Service.Systems.Should().BeEmpty();
        _node.Network.Count.Should().Be(0);
        _node.Layers.Mounted.Should().BeEmpty();
        _node.Dispose();
    }
}
