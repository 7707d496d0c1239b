namespace Orlop.Abstractions.Execution;

/// <summary>What a backend can do on this machine.</summary>
public sealed record BackendFeatures
{
    /// <summary>CRI <c>RuntimeHandlerFeatures.recursive_read_only_mounts</c>: mount_setattr(2) with AT_RECURSIVE.</summary>
    public bool RecursiveReadOnlyMounts { get; init; }

    /// <summary>CRI <c>RuntimeHandlerFeatures.user_namespaces</c>.</summary>
    public bool UserNamespaces { get; init; }

    /// <summary>CRI <c>RuntimeFeatures.supplemental_groups_policy</c>.</summary>
    public bool SupplementalGroupsPolicy { get; init; }

    /// <summary>How cgroup parents are written; null where there are no cgroups. CRI <c>RuntimeConfig</c>.</summary>
    public CgroupDriver? CgroupDriver { get; init; }

    /// <summary>Facts for <c>crictl info</c>: the kernel, the cgroup version, missing controllers.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
}
