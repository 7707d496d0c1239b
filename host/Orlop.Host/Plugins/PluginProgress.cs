namespace Orlop.Host.Plugins;

/// <summary>Where a plugin is on its way; what is said of one that fails or hangs.</summary>
internal sealed class PluginProgress
{
    private volatile PluginStep _step; // written by the loading thread, read by whoever waits for it

    /// <summary>The step that the plugin is in; it has passed those before.</summary>
    public PluginStep Step => _step;

    public void Enter(PluginStep step) => _step = step;
}
