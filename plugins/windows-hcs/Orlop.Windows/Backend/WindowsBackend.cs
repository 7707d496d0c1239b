using System.Collections.Concurrent;
using System.Globalization;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Windows.Compute;
using Orlop.Windows.Interop;

namespace Orlop.Windows.Backend;

/// <summary>Pods of process-isolated containers, each a compute system of the Host Compute Service.</summary>
internal sealed class WindowsBackend(BackendParts parts) : IExecutionBackend
{
    private readonly ConcurrentDictionary<string, WindowsSandbox> _sandboxes = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "windows-hcs";

    /// <inheritdoc/>
    public BackendFeatures Features { get; } = new()
    {
        Facts = new Dictionary<string, string>
        {
            ["build"] = parts.Host.Build.ToString(CultureInfo.InvariantCulture),
            ["processors"] = parts.Host.Processors.ToString(CultureInfo.InvariantCulture),
            ["isolation"] = "process",
        },
    };

    /// <inheritdoc/>
    public async Task<ISandbox> CreateSandboxAsync(SandboxSpec spec, IPhase phase, CancellationToken cancellationToken)
    {
        Refuse(spec);
        var network = Guid.NewGuid();
        await parts.Records.PutAsync(spec.Id, new SandboxState(network));
        var sandbox = new WindowsSandbox(parts, spec, network, Forget);
        try
        {
            phase.Note($"network namespace {network}");
            await parts.Network.CreateNamespaceAsync(network);
            cancellationToken.ThrowIfCancellationRequested();
            _sandboxes[spec.Id] = sandbox;
            return sandbox;
        }
        catch (Exception error)
        {
            await UndoAsync(sandbox, phase);
            if (error is HcsException hcs) throw hcs.Translate($"pod sandbox {spec.Name}: its network namespace cannot be created");
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecoveredSandbox>> RecoverAsync(IReadOnlyList<SandboxRecord> records, CancellationToken cancellationToken)
    {
        var recovery = new Recovery(parts, Forget);
        var found = await recovery.RunAsync(records, cancellationToken);
        foreach (var sandbox in found) _sandboxes[sandbox.Id] = (WindowsSandbox)sandbox.Sandbox;
        return found;
    }

    /// <inheritdoc/>
    public Task ReconcileAsync(Func<string, bool> isKnown, CancellationToken cancellationToken) =>
        new Recovery(parts, Forget).ReleaseUnknownAsync(isKnown, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SandboxUsage>> MeasureAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_sandboxes.Values.Select(s => s.MeasureAsync())).WaitAsync(cancellationToken);

    private static void Refuse(SandboxSpec spec)
    {
        if (spec.Network != NamespaceMode.Pod) throw new RuntimeException(ErrorKind.Unimplemented, $"pod sandbox {spec.Name}: network mode {spec.Network}; only HostProcess pods use the node's network on Windows, and windows-hcs has none yet");
        if (spec.Pid is NamespaceMode.Node || spec.Ipc is NamespaceMode.Node) throw RuntimeException.InvalidArgument($"pod sandbox {spec.Name}: Windows cannot share the node's processes or IPC with a pod");
        if (spec.Sysctls.Count > 0) throw RuntimeException.InvalidArgument($"pod sandbox {spec.Name}: sysctl {spec.Sysctls.Keys.First()}: Windows has no sysctls");
        if (spec.Privileged) throw RuntimeException.InvalidArgument($"pod sandbox {spec.Name}: Windows has no privileged pods; HostProcess pods are their counterpart, and windows-hcs has none yet");
    }

    private void Forget(string id) => _sandboxes.TryRemove(id, out _);

    private async Task UndoAsync(WindowsSandbox sandbox, IPhase phase)
    {
        try
        {
            await sandbox.RemoveAsync(phase, CancellationToken.None);
        }
        catch (Exception e)
        {
            parts.Logger.UndoFailed("Pod sandbox", sandbox.Id, e); // the first error is the one to tell; the record stays for recovery
        }
    }
}
