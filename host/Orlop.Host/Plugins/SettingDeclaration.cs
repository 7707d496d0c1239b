namespace Orlop.Host.Plugins;

/// <summary><c>[settings.&lt;name&gt;]</c> of a manifest: a key that <c>[plugins.&lt;id&gt;]</c> may hold.</summary>
/// <param name="Name">The key.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Default">Its value where the configuration has none: a string, a long, a bool or a list of strings.</param>
/// <param name="Description">What it means, for an operator.</param>
internal sealed record SettingDeclaration(string Name, SettingKind Kind, object Default, string Description);
