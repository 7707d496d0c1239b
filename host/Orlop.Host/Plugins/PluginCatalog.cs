using Orlop.Host.Configuration;

namespace Orlop.Host.Plugins;

/// <summary>All plugins that were found, in the order of their ids, whatever became of them.</summary>
/// <param name="Plugins">One entry for each plugin folder.</param>
/// <param name="Settings">The effective settings of the plugins, with their origins.</param>
internal sealed record PluginCatalog(IReadOnlyList<PluginInfo> Plugins, IReadOnlyList<ConfigSetting> Settings)
{
    /// <summary>Before the plugins are loaded.</summary>
    public static PluginCatalog Empty { get; } = new([], []);
}
