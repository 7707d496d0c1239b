using Orlop.Testing.Machines;
using Xunit;

namespace Orlop.Testing;

/// <summary>A <see cref="NodeFactAttribute"/> with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = Machine.LacksForNode;
}
