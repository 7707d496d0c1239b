using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Security;

/// <summary>A test of a node whose kernel runs with AppArmor, or of one whose kernel does not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ApparmorFactAttribute : FactAttribute
{
    /// <summary>Loads profiles.</summary>
    public const string Parser = "apparmor_parser";

    private const string State = "/sys/module/apparmor/parameters/enabled";

    /// <param name="enabled">Which of the two.</param>
    public ApparmorFactAttribute(bool enabled)
    {
        bool isEnabled = File.Exists(State) && File.ReadAllText(State).StartsWith('Y');
        Skip = Machine.LacksForNode ?? (enabled, isEnabled) switch
        {
            (true, false) => "needs a kernel with AppArmor",
            (false, true) => "needs a kernel without AppArmor",
            (true, true) => Machine.LackOf([Parser]),
            (false, false) => null,
        };
    }
}
