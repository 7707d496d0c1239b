using Orlop.Linux.Tests.Supervisor;

namespace Orlop.Linux.Tests.EndToEnd;

/// <summary>A test that needs such a tree.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnifiedFactAttribute : FactAttribute
{
    public UnifiedFactAttribute() =>
        Skip = new SupervisorFactAttribute().Skip ?? (File.Exists($"{UnifiedNode.Tree}/cgroup.controllers") ? null : $"no cgroup v2 tree is mounted at {UnifiedNode.Tree}");
}
