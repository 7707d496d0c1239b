using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Security;

/// <summary>A test of a node whose kernel runs with AppArmor, or of one whose kernel does not.</summary>
/// <param name="enabled">Which of the two.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ApparmorFactAttribute(bool enabled) : FactAttribute
{
    /// <summary>Loads profiles.</summary>
    public const string Parser = "apparmor_parser";

    private static readonly bool IsEnabled = File.Exists("/sys/module/apparmor/parameters/enabled") && File.ReadAllText("/sys/module/apparmor/parameters/enabled").StartsWith('Y');

    /// <inheritdoc/>
    public override string? Skip
    {
        get => Machine.LacksForNode
            ?? (enabled && !IsEnabled ? "needs a kernel with AppArmor"
            : !enabled && IsEnabled ? "needs a kernel without AppArmor"
            : enabled ? Machine.LackOf([Parser])
            : null);
        set => throw new NotSupportedException();
    }
}
