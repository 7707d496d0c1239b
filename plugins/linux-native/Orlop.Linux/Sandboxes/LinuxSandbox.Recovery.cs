using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Containers;
using Orlop.Linux.Protocol;
using Orlop.Linux.Supervision;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Sandboxes;

internal sealed partial class LinuxSandbox
{
    /// <summary>Finds a pod again after a restart of the host.</summary>
    public static async Task<(LinuxSandbox Sandbox, RecoveredSandbox Found)> RecoverAsync(SandboxRecord known, BackendParts parts, CancellationToken cancellationToken)
    {
        SandboxSpec spec = known.Spec;
        SandboxRecordFile? record = new StateFolder(StateFolder.PathOf(parts.PodsFolder, spec.Id)).ReadSandbox();
        var sandbox = new LinuxSandbox(
            spec, parts, record ?? new SandboxRecordFile { Id = spec.Id, PodCgroup = CgroupPath.OfPod(spec), OwnsPodCgroup = spec.CgroupParent.Length == 0 });
        (string? lost, Description? description) = await sandbox.ReconnectAsync(record, cancellationToken);
        var containers = known.Containers.Select(container => sandbox.Adopt(container, description, lost)).OfType<LinuxContainer>().ToList();
        var found = new RecoveredSandbox
        {
            Id = spec.Id,
            Sandbox = sandbox,
            LostReason = sandbox._record.Stopped ? null : lost,
            Containers = [.. containers.Select(container => new RecoveredContainer(container, container.StartedAt))],
        };
        return (sandbox, found);
    }

    private async Task<(string? Lost, Description? Description)> ReconnectAsync(SandboxRecordFile? record, CancellationToken cancellationToken)
    {
        if (record is null) return ("nothing of it is left on this node; it was restarted, or the sandbox was never finished", null);
        if (record.Stopped) return ("it was stopped", null);
        try
        {
            if (SandboxRemains.SupervisorLives(record)) Client = await SupervisorClient.TryConnectAsync(Id, Folder.Socket, OnExit, cancellationToken);
            if (Client is not null)
            {
                Description description = await Client.DescribeAsync(cancellationToken);
                _watching = WatchAsync(Client);
                Describe(description.Processes.FirstOrDefault(process => process.Key == PodInit.Key)?.ProcessId ?? 0);
                return (null, description);
            }
        }
        catch (Exception e) when (e is RuntimeException or SyscallException)
        {
            SandboxLog.RecoveryFailed(Parts.Logger, Id, e.Message);
        }
        SandboxRemains.KillContainers(Parts, record);
        return ($"its supervisor {record.SupervisorProcessId} is gone", null);
    }

    private LinuxContainer? Adopt(ContainerSpec spec, Description? description, string? lost)
    {
        if (Folder.ReadContainer(spec.Id) is not { } record) return null; // its creation was never finished
        var container = new LinuxContainer(this, spec, record.User, prepared: null);
        _containers[spec.Id] = container;
        if (record.StartFailure is not null) container.AdoptStartFailure(record);
        else if (description?.Processes.FirstOrDefault(process => process.Key == spec.Id) is { } process) container.Adopt(process);
        else if (Folder.ReadExit(spec.Id) is { } exit) container.Adopt(exit);
        else if (lost is not null && !_record.Stopped) container.MarkLost($"nobody saw how it ended: {lost}");
        return container;
    }
}
