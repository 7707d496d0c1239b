namespace Orlop.Linux.Tests.EndToEnd;

/// <summary>A node that seems to have cgroup v2 only: the v2 tree that this machine has beside v1, without controllers.</summary>
public sealed class UnifiedNode : TestNode
{
    public const string Tree = "/sys/fs/cgroup/unified";

    protected override string CgroupRoot => Tree;
}
