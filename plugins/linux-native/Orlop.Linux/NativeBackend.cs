using System.Collections.Concurrent;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;
using Orlop.Linux.Kernel;
using Orlop.Linux.Sandboxes;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux;

/// <summary>Makes pods and containers straight from Linux namespaces; one supervisor process for each pod.</summary>
internal sealed class NativeBackend(BackendParts parts, CancellationTokenSource stopping) : IExecutionBackend, IPluginService
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

    public async Task<IReadOnlyList<RecoveredSandbox>> RecoverAsync(IReadOnlyList<SandboxRecord> records, CancellationToken cancellationToken)
    {
        var found = new List<RecoveredSandbox>();
        foreach (SandboxRecord record in records)
        {
            try
            {
                (LinuxSandbox sandbox, RecoveredSandbox recovered) = await LinuxSandbox.RecoverAsync(record, parts, cancellationToken);
                _sandboxes[record.Spec.Id] = sandbox;
                found.Add(recovered);
            }
            catch (Exception e) when (e is RuntimeException or SyscallException or IOException)
            {
                SandboxLog.RecoveryFailed(parts.Logger, record.Spec.Id, e.Message); // one bad record never fails the others (R12)
            }
        }
        await SweepAsync(cancellationToken);
        return found;
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
        parts.Spawner.Dispose();
    }

    private IEnumerable<LinuxSandbox> Living()
    {
        foreach ((string id, LinuxSandbox sandbox) in _sandboxes)
            if (sandbox.Folder.Exists) yield return sandbox;
            else _sandboxes.TryRemove(new KeyValuePair<string, LinuxSandbox>(id, sandbox)); // removed
    }

    /// <summary>Releases pods of ours that no record knows: their creation was interrupted, or their removal (R6).</summary>
    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var known = _sandboxes.Keys.Select(id => StateFolder.PathOf(parts.PodsFolder, id)).ToHashSet(StringComparer.Ordinal);
        foreach (string folder in Directory.GetDirectories(parts.PodsFolder))
        {
            if (known.Contains(folder)) continue;
            string name = Path.GetFileName(folder);
            try
            {
                if (new StateFolder(folder).ReadSandbox() is { } record) await SandboxRemains.RemoveAsync(parts, record, cancellationToken);
                else Directory.Delete(folder, recursive: true); // interrupted before anything was made
                SandboxLog.Swept(parts.Logger, name);
            }
            catch (Exception e) when (e is RuntimeException or SyscallException or IOException or UnauthorizedAccessException)
            {
                SandboxLog.SweepFailed(parts.Logger, name, e.Message);
            }
        }
    }
}
