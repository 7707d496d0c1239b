using Orlop.Linux.Cgroups;
using Orlop.Linux.Kernel;
using Orlop.Linux.Supervision;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Sandboxes;

/// <summary>Releases what a pod holds outside of its supervisor, whoever made it.</summary>
internal static class SandboxRemains
{
    /// <summary>Idempotent: each part may be gone already.</summary>
    public static async Task RemoveAsync(BackendParts parts, SandboxRecordFile record, CancellationToken cancellationToken)
    {
        var folder = new StateFolder(StateFolder.PathOf(parts.PodsFolder, record.Id));
        await EndSupervisorAsync(parts, record, cancellationToken);
        foreach (string container in folder.Containers())
            await new Cgroup(parts.Cgroups, $"{record.PodCgroup}/{container}").RemoveAsync(parts.Time, cancellationToken);
        if (record.OwnsPodCgroup) await new Cgroup(parts.Cgroups, record.PodCgroup).RemoveAsync(parts.Time, cancellationToken);
        NetworkPin.Remove(record.Id);
        folder.Remove();
    }

    /// <summary>Kills what a supervisor left behind, when there is none any more.</summary>
    public static void KillContainers(BackendParts parts, SandboxRecordFile record)
    {
        var folder = new StateFolder(StateFolder.PathOf(parts.PodsFolder, record.Id));
        foreach (string container in folder.Containers()) new Cgroup(parts.Cgroups, $"{record.PodCgroup}/{container}").Kill();
    }

    /// <summary>Whether the very process of the record lives.</summary>
    public static bool SupervisorLives(SandboxRecordFile record) =>
        record.SupervisorProcessId > 0 && ProcessIdentity.StartTicks(record.SupervisorProcessId) == record.SupervisorStartTicks;

    private static async Task EndSupervisorAsync(BackendParts parts, SandboxRecordFile record, CancellationToken cancellationToken)
    {
        if (!SupervisorLives(record)) return;
        using (PidFd? supervisor = PidFd.TryOpen(record.SupervisorProcessId))
            if (supervisor is not null && SupervisorLives(record)) supervisor.Signal(Signals.Kill);
        await SupervisorSpawner.ReapAsync(record.SupervisorProcessId, parts.Time, cancellationToken);
        // Somebody else's child: init reaps it. Until then it may write to the folder that goes away next.
        while (SupervisorLives(record)) await Task.Delay(TimeSpan.FromMilliseconds(2), parts.Time, cancellationToken);
    }
}
