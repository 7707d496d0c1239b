namespace Orlop.Abstractions.Plugins;

/// <summary>A part of a plugin that works in the background: a watch, a collector, the recovery of what a crash left half done.</summary>
public interface IPluginService
{
    /// <summary>Called once, after all plugins are loaded and before the host serves. A failure makes the plugin <see cref="PluginState.Failed"/>.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Called once, when the host stops. Pods go on running: nothing of theirs may be torn down.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
