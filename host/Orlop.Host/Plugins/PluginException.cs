using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

/// <summary>A plugin cannot be used; ends its loading and becomes its state and reason in the catalog.</summary>
internal sealed class PluginException(PluginState state, string reason) : Exception(reason)
{
    public PluginState State { get; } = state;

    public static PluginException Failed(string reason) => new(PluginState.Failed, reason);

    public static PluginException Unsupported(string reason) => new(PluginState.Unsupported, reason);
}
