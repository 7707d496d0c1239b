using Orlop.Testing.Machines;
using Xunit;

namespace Orlop.Testing;

/// <summary>A test that needs root, and maybe programs; skipped with the machine's reason otherwise.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute(params string[] programs) => Skip = Machine.LacksForRoot ?? Machine.LackOf(programs);
}
