namespace Orlop.Abstractions.Plugins;

/// <summary>Names, in an assembly's metadata, the entry point of the plugin that it holds.</summary>
/// <param name="id">The plugin's id; equals <c>id</c> in its <c>plugin.toml</c>.</param>
/// <param name="module">The <see cref="PluginModule"/> that registers the plugin's services.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class OrlopPluginAttribute(string id, Type module) : Attribute
{
    /// <summary>The plugin's id.</summary>
    public string Id { get; } = id;

    /// <summary>The type of the entry point.</summary>
    public Type Module { get; } = module;
}
