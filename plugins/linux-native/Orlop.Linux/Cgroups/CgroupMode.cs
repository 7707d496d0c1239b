namespace Orlop.Linux.Cgroups;

/// <summary>How the node's cgroups are mounted.</summary>
internal enum CgroupMode
{
    /// <summary>v1 hierarchies only.</summary>
    Legacy,

    /// <summary>v1 hierarchies with the controllers, and a v2 hierarchy without any.</summary>
    Hybrid,

    /// <summary>v2 only.</summary>
    Unified,
}
