using Orlop.Linux.Seccomp;

namespace Orlop.Linux.Programs;

/// <summary>Who a process is and what it may do; for a container's first process and for those that are run in it.</summary>
internal sealed record IdentityPlan
{
    public required uint Uid { get; init; }

    public required uint Gid { get; init; }

    public required IReadOnlyList<uint> Groups { get; init; }

    public required uint Umask { get; init; }

    public required ulong Bounding { get; init; }

    public required ulong Effective { get; init; }

    public required ulong Permitted { get; init; }

    public required ulong Inheritable { get; init; }

    public required ulong Ambient { get; init; }

    /// <summary>The kernel's highest capability.</summary>
    public required int LastCapability { get; init; }

    public bool NoNewPrivileges { get; init; }

    public SeccompFilter? Seccomp { get; init; }

    /// <summary>What is written to <c>/proc/self/attr/exec</c>, or its AppArmor twin; null for nothing.</summary>
    public string? SecurityLabel { get; init; }

    /// <summary>The <c>attr</c> file that takes <see cref="SecurityLabel"/>.</summary>
    public string SecurityLabelFile { get; init; } = "/proc/self/attr/exec";

    /// <summary>Resource limits: number, soft, hard.</summary>
    public IReadOnlyList<(int Resource, ulong Soft, ulong Hard)> Limits { get; init; } = [];

    /// <summary>Values for <c>oom_score_adj</c>, each closer to what is wanted; the first is always allowed, the last one may be refused.</summary>
    public IReadOnlyList<int> OomScoreAdjust { get; init; } = [];
}
