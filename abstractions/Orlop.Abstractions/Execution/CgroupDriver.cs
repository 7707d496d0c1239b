namespace Orlop.Abstractions.Execution;

/// <summary>How cgroup parents are written and made.</summary>
public enum CgroupDriver
{
    /// <summary>As paths below the cgroup file system: <c>/kubepods/burstable/pod…</c>.</summary>
    Cgroupfs,

    /// <summary>As systemd slices: <c>kubepods-burstable-pod….slice</c>.</summary>
    Systemd,
}
