namespace Orlop.Host.Plugins;

/// <summary>The logger factory that a plugin gets: its categories begin with the plugin's id, <c>cni/ConflistWatcher</c>.</summary>
internal sealed class PluginLoggerFactory(string id, ILoggerFactory host) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) =>
        host.CreateLogger($"{id}/{categoryName[(categoryName.LastIndexOf('.') + 1)..]}");

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException($"Plugin '{id}' cannot add a log provider: where logs go is the host's to decide.");

    public void Dispose()
    {
        // The host's factory outlives every plugin.
    }
}
