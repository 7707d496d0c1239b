using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

/// <summary>What <see cref="PluginVerification"/> found.</summary>
/// <param name="Plugin">The plugin's entry, as the daemon's catalog would have it.</param>
/// <param name="Reached">The step that it came to: the one that failed, unless the plugin is good.</param>
internal sealed record PluginVerdict(PluginInfo Plugin, PluginStep Reached)
{
    /// <summary>Whether the daemon would use it. A plugin that is not for this machine is no error either.</summary>
    public bool IsGood => Plugin.State is PluginState.Active or PluginState.Skipped;
}
