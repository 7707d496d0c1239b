using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Linux.Sandboxes;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux;

internal sealed partial class NativeBackend
{
    public async Task<IReadOnlyList<RecoveredSandbox>> RecoverAsync(IReadOnlyList<SandboxRecord> records, CancellationToken cancellationToken)
    {
        StateFolder.RemoveHalves(parts.PodsFolder, (folder, reason) => SandboxLog.HalfRemains(parts.Logger, folder, reason));
        return await Task.WhenAll(records.Select(record => RecoverAsync(record, cancellationToken)));
    }

    public async Task ReconcileAsync(Func<string, bool> isKnown, CancellationToken cancellationToken)
    {
        foreach (StateFolder folder in StateFolder.All(parts.PodsFolder)) // listed first: what is made from here on is not seen
        {
            SandboxRecordFile? record = folder.ReadSandbox();
            LinuxSandbox? sandbox = record is null ? _sandboxes.Values.FirstOrDefault(one => one.Folder.Path == folder.Path) : _sandboxes.GetValueOrDefault(record.Id);
            string? id = record?.Id ?? sandbox?.Id;
            try
            {
                if (id is null) folder.Remove(); // its record is damaged and nobody asks for it
                else if (isKnown(id)) await (sandbox?.ReconcileAsync(isKnown, cancellationToken) ?? Task.CompletedTask); // without a handle it is being made
                else await ReleaseAsync(sandbox, record, cancellationToken);
            }
            catch (Exception e) when (e is RuntimeException or SyscallException or IOException or UnauthorizedAccessException)
            {
                SandboxLog.SweepFailed(parts.Logger, id ?? folder.Path, e.Message);
            }
        }
    }

    private async Task<RecoveredSandbox> RecoverAsync(SandboxRecord record, CancellationToken cancellationToken)
    {
        LinuxSandbox sandbox;
        RecoveredSandbox recovered;
        try
        {
            (sandbox, recovered) = await LinuxSandbox.RecoverAsync(record, parts, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            SandboxLog.RecoveryFailed(parts.Logger, record.Spec.Id, e.Message); // one bad record never fails the others (R12)
            sandbox = LinuxSandbox.Lost(record, parts);
            recovered = new RecoveredSandbox { Id = record.Spec.Id, Sandbox = sandbox, LostReason = $"it cannot be taken up: {e.Message}" };
        }
        _sandboxes[record.Spec.Id] = sandbox;
        return recovered;
    }

    /// <summary>A pod of ours that no record knows: its creation was interrupted, or its removal (R6).</summary>
    private async Task ReleaseAsync(LinuxSandbox? sandbox, SandboxRecordFile? record, CancellationToken cancellationToken)
    {
        if (sandbox is not null) await sandbox.RemoveAsync(Unseen.Phase, cancellationToken);
        else await SandboxRemains.RemoveAsync(parts, record!, [], cancellationToken);
        SandboxLog.Swept(parts.Logger, sandbox?.Id ?? record!.Id);
    }

    /// <summary>No operation is there to show phases of.</summary>
    private sealed class Unseen : IPhase
    {
        public static Unseen Phase { get; } = new();

        public IPhase Begin(string name) => this;

        public void Note(string detail)
        {
        }

        public void Dispose()
        {
        }
    }
}
