using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Kernel;
using Orlop.Linux.Supervision;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Sandboxes;

/// <summary>Releases what a pod holds outside of its supervisor, whoever made it.</summary>
internal static class SandboxRemains
{
    /// <summary>A killed process is gone within this time, unless the kernel holds it.</summary>
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(30);

    /// <summary>Idempotent: each part may be gone already.</summary>
    /// <param name="parts">The backend's.</param>
    /// <param name="record">The pod.</param>
    /// <param name="containers">Containers that its folder may not know any more.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task RemoveAsync(BackendParts parts, SandboxRecordFile record, IEnumerable<string> containers, CancellationToken cancellationToken)
    {
        StateFolder folder = FolderOf(parts, record);
        await EndSupervisorAsync(parts, record, cancellationToken);
        foreach (string container in folder.Containers().Union(containers, StringComparer.Ordinal))
            await CgroupOf(parts, record, container).RemoveAsync(parts.Time, cancellationToken);
        if (record.OwnsPodCgroup) await new Cgroup(parts.Cgroups, record.PodCgroup).RemoveAsync(parts.Time, cancellationToken);
        NetworkPin.Remove(record.Id);
        folder.Remove();
    }

    /// <summary>Ends what a lost pod still runs: its supervisor, should that be there but out of reach, and its containers.</summary>
    public static async Task KillAsync(BackendParts parts, SandboxRecordFile record, IEnumerable<string> containers, CancellationToken cancellationToken)
    {
        await EndSupervisorAsync(parts, record, cancellationToken);
        foreach (string container in FolderOf(parts, record).Containers().Union(containers, StringComparer.Ordinal)) CgroupOf(parts, record, container).Kill();
    }

    /// <summary>Whether the very process of the record lives.</summary>
    public static bool SupervisorLives(SandboxRecordFile record) =>
        record.SupervisorProcessId > 0 && ProcessIdentity.StartTicks(record.SupervisorProcessId) == record.SupervisorStartTicks;

    /// <summary>What a pod's file said, as far as that follows from its spec; for a pod whose folder is gone.</summary>
    public static SandboxRecordFile Guess(BackendParts parts, SandboxSpec spec)
    {
        bool owns = spec.CgroupParent.Length == 0 || !CgroupPath.IsValid(spec); // a pod with a parent that is none was refused: it has no cgroup at all
        return new SandboxRecordFile { Id = spec.Id, PodCgroup = CgroupPath.OfPod(owns ? spec with { CgroupParent = "" } : spec), OwnsPodCgroup = owns };
    }

    /// <summary>Ends the supervisor and waits until it can write to the pod's folder no more.</summary>
    /// <exception cref="RuntimeException">The kernel does not let it end.</exception>
    public static async Task EndSupervisorAsync(BackendParts parts, SandboxRecordFile record, CancellationToken cancellationToken)
    {
        // Cut off before it was on record: it ends by itself when it comes to ask for that, which one that is held up does not.
        if (record.SupervisorProcessId == 0 && FindSupervisor(parts, FolderOf(parts, record)) is { } stray)
            record = record with { SupervisorProcessId = stray, SupervisorStartTicks = ProcessIdentity.StartTicks(stray) ?? 0 };
        if (!SupervisorLives(record)) return;
        using (PidFd? supervisor = PidFd.TryOpen(record.SupervisorProcessId))
            if (supervisor is not null && SupervisorLives(record)) supervisor.Signal(Signals.Kill);
        using var deadline = new CancellationTokenSource(EndDeadline, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await SupervisorSpawner.ReapAsync(record.SupervisorProcessId, parts.Time, either.Token);
            // Somebody else's child: init reaps it.
            while (SupervisorLives(record)) await Task.Delay(TimeSpan.FromMilliseconds(2), parts.Time, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            int pid = record.SupervisorProcessId;
            throw new RuntimeException(
                ErrorKind.DeadlineExceeded, $"pod {record.Id}: its supervisor {pid} still exists {EndDeadline.TotalSeconds:0} s after SIGKILL; the kernel holds it, see /proc/{pid}/stack", e);
        }
    }

    // Its command line names the folder, whose name is like no other.
    private static int? FindSupervisor(BackendParts parts, StateFolder folder)
    {
        foreach (int pid in new Cgroup(parts.Cgroups, CgroupPath.Supervisors).Processes())
            if (CgroupFile.TryRead($"/proc/{pid}/cmdline") is { } commandLine && commandLine.Split('\0').Contains(folder.Path)) return pid;
        return null;
    }

    private static StateFolder FolderOf(BackendParts parts, SandboxRecordFile record) => new(StateFolder.PathOf(parts.PodsFolder, record.Id));

    private static Cgroup CgroupOf(BackendParts parts, SandboxRecordFile record, string container) => new(parts.Cgroups, $"{record.PodCgroup}/{container}");
}
