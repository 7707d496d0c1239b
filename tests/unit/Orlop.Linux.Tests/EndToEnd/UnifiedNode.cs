using Orlop.Testing.Machines;

namespace Orlop.Linux.Tests.EndToEnd;

/// <summary>A node with cgroup v2 only; on a machine with v1 it takes the v2 tree beside that, which has no controllers.</summary>
public sealed class UnifiedNode : TestNode
{
    public static string Tree => CgroupTree.Hierarchies.FirstOrDefault(tree => tree.IsV2)?.MountPoint ?? "/sys/fs/cgroup/unified";

    protected override string CgroupRoot => Tree;
}
