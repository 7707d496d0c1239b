using Orlop.Testing.Machines;
using Xunit;

namespace Orlop.Testing;

/// <summary>As <see cref="RootFactAttribute"/>, for tests with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute() => Skip = Machine.LacksForRoot;
}
