using Orlop.Testing.Machines;
using Xunit;

namespace Orlop.Testing;

/// <summary>A test against a whole node: root, a kernel with namespaces and overlay, registry, CNI plugins and a built orlopd.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = Machine.LacksForNode;
}
