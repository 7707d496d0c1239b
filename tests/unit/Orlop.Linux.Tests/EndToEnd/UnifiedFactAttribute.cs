using Orlop.Linux.Tests.Supervisor;
using Orlop.Testing.Machines;

namespace Orlop.Linux.Tests.EndToEnd;

/// <summary>A test that needs a v2 tree.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnifiedFactAttribute : FactAttribute
{
    /// <param name="controllers">Whether the controllers must be in the tree, as on a node with cgroup v2 only, or must not; null where it does not matter.</param>
    public UnifiedFactAttribute(object? controllers = null)
    {
        string? skip = new SupervisorFactAttribute().Skip;
        if (skip is null && !File.Exists($"{UnifiedNode.Tree}/cgroup.controllers")) skip = $"no cgroup v2 tree is mounted at {UnifiedNode.Tree}";
        if (skip is null && controllers is bool wanted && wanted != CgroupTree.IsV2)
            skip = wanted ? "this machine has its controllers in cgroup v1 (./test vm boots one with v2)" : "the cgroup v2 tree of this machine has all controllers";
        Skip = skip;
    }
}
