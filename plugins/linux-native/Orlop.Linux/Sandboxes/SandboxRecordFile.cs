namespace Orlop.Linux.Sandboxes;

/// <summary>What a pod's file in its state folder holds: enough to clean up without the host's record.</summary>
internal sealed record SandboxRecordFile
{
    /// <summary>The sandbox's id; the folder's name is its beginning.</summary>
    public required string Id { get; init; }

    /// <summary>The cgroup that its containers are in.</summary>
    public required string PodCgroup { get; init; }

    /// <summary>Whether that cgroup is ours to remove.</summary>
    public required bool OwnsPodCgroup { get; init; }

    /// <summary>The supervisor; 0 before it is there.</summary>
    public int SupervisorProcessId { get; init; }

    /// <summary>Field 22 of <c>/proc/PID/stat</c>: with the process id it names the supervisor for ever.</summary>
    public long SupervisorStartTicks { get; init; }

    /// <summary>Whether the sandbox was stopped on request: its supervisor's absence is no loss then.</summary>
    public bool Stopped { get; init; }
}
