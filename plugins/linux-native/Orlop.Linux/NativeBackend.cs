using System.Collections.Concurrent;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;
using Orlop.Linux.Kernel;
using Orlop.Linux.Sandboxes;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux;

/// <summary>Makes pods and containers straight from Linux namespaces; one supervisor process for each pod.</summary>
internal sealed partial class NativeBackend(BackendParts parts, CancellationTokenSource stopping) : IExecutionBackend, IPluginService
{
    private readonly ConcurrentDictionary<string, LinuxSandbox> _sandboxes = new(StringComparer.Ordinal);

    public string Name => "linux-native";

    public BackendFeatures Features { get; } = NodeFeatures.Describe(parts.Cgroups);

    public async Task<ISandbox> CreateSandboxAsync(SandboxSpec spec, IPhase phase, CancellationToken cancellationToken)
    {
        LinuxSandbox sandbox = await LinuxSandbox.CreateAsync(spec, parts, phase, cancellationToken);
        _sandboxes[spec.Id] = sandbox;
        return sandbox;
    }

    public Task<IReadOnlyList<SandboxUsage>> MeasureAsync(CancellationToken cancellationToken)
    {
        var usages = new List<SandboxUsage>();
        foreach (LinuxSandbox sandbox in Living())
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (sandbox.Measure() is { } usage) usages.Add(usage);
            }
            catch (SyscallException e)
            {
                SandboxLog.NotMeasured(parts.Logger, sandbox.Id, e.Message);
            }
        }
        return Task.FromResult<IReadOnlyList<SandboxUsage>>(usages);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Leaves the pods: they go on without us.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        foreach (LinuxSandbox sandbox in _sandboxes.Values) await sandbox.DetachAsync();
        parts.HostPaths.Dispose();
        parts.Spawner.Dispose();
    }

    private IEnumerable<LinuxSandbox> Living()
    {
        foreach ((string id, LinuxSandbox sandbox) in _sandboxes)
            if (sandbox.Folder.Exists) yield return sandbox;
            else _sandboxes.TryRemove(new KeyValuePair<string, LinuxSandbox>(id, sandbox)); // removed
    }
}
