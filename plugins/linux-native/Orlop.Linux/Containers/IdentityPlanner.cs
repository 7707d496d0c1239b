using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Kernel;
using Orlop.Linux.Programs;
using Orlop.Linux.Seccomp;

namespace Orlop.Linux.Containers;

/// <summary>Plans who a container's processes are, within what this process has itself.</summary>
internal sealed class IdentityPlanner(OwnProcess own, SecurityModules modules, SeccompFilters filters)
{
    private const uint DefaultUmask = 0x12; // 022

    /// <exception cref="RuntimeException">InvalidArgument: an unknown capability or limit, or a filter that cannot be compiled.</exception>
    public IdentityPlan Plan(ContainerSpec spec, ContainerUser user)
    {
        Process process = spec.Oci.Process ?? throw RuntimeException.InvalidArgument($"container {spec.Name}: its OCI spec has no process.");
        LinuxCapabilities? capabilities = process.Capabilities;
        ulong bounding = CapabilitySet.Parse(capabilities?.Bounding) & own.Capabilities;
        ulong permitted = CapabilitySet.Parse(capabilities?.Permitted) & own.Capabilities;
        ulong inheritable = CapabilitySet.Parse(capabilities?.Inheritable) & own.Capabilities;
        (string? label, string file) = modules.LabelOf(process);
        return new IdentityPlan
        {
            Uid = (uint)user.Uid,
            Gid = (uint)user.Gid,
            Groups = [.. user.SupplementalGroups.Select(group => (uint)group)],
            Umask = process.User?.Umask ?? DefaultUmask,
            Bounding = bounding,
            Permitted = permitted,
            Effective = CapabilitySet.Parse(capabilities?.Effective) & permitted,
            Inheritable = inheritable,
            Ambient = CapabilitySet.Parse(capabilities?.Ambient) & permitted & inheritable,
            LastCapability = own.LastCapability,
            NoNewPrivileges = process.NoNewPrivileges,
            Seccomp = spec.Oci.Linux?.Seccomp is { } profile ? filters.Get(profile) : null,
            SecurityLabel = label,
            SecurityLabelFile = file,
            Limits = [.. (process.Rlimits ?? []).Select(Limit)],
            OomScoreAdjust = OomScore(process.OomScoreAdj ?? 0),
        };
    }

    private (int Resource, ulong Soft, ulong Hard) Limit(Rlimit limit)
    {
        int resource = ResourceLimit.Parse(limit.Type);
        if (limit.Soft > limit.Hard) throw RuntimeException.InvalidArgument($"{limit.Type}: the soft limit {limit.Soft} is above the hard limit {limit.Hard}.");
        ulong hard = own.CanRaiseLimits ? limit.Hard : Math.Min(limit.Hard, OwnProcess.HardLimit(resource));
        return (resource, Math.Min(limit.Soft, hard), hard);
    }

    /// <summary>Without CAP_SYS_RESOURCE nobody goes below what he has: first what is certain, then what was asked for, if the kernel lets us.</summary>
    private IReadOnlyList<int> OomScore(int asked)
    {
        int clamped = Math.Clamp(asked, -1000, 1000);
        return own.CanRaiseLimits || clamped >= own.OomScoreAdjust ? [clamped] : [own.OomScoreAdjust, clamped];
    }
}
