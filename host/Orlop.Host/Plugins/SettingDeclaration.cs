namespace Orlop.Host.Plugins;

/// <summary><c>[settings.&lt;name&gt;]</c> of a manifest: a key that <c>[plugins.&lt;id&gt;]</c> may hold.</summary>
/// <param name="Name">The key.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Default">Its value where the configuration has none: a string, a long, a bool or a list of strings.</param>
/// <param name="Description">What it means, for an operator.</param>
internal sealed record SettingDeclaration(string Name, SettingKind Kind, object Default, string Description)
{
    /// <summary>What an integer may be, both ends included.</summary>
    public (long Minimum, long Maximum) Range { get; init; } = (long.MinValue, long.MaxValue);

    /// <summary>What the setting expects instead of an integer; null when it is content.</summary>
    public string? Objection(long value) => value >= Range.Minimum && value <= Range.Maximum ? null : Range switch
    {
        (_, long.MaxValue) => $"expected {Range.Minimum} or more",
        (long.MinValue, _) => $"expected {Range.Maximum} or less",
        _ => $"expected {Range.Minimum} to {Range.Maximum}",
    };
}
