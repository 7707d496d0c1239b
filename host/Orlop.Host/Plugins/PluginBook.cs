using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

/// <summary>Collects what becomes of the plugins while they load side by side, and logs it.</summary>
internal sealed class PluginBook(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly List<PluginInfo> _entries = [];

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<PluginInfo> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries.OrderBy(entry => entry.Id, StringComparer.Ordinal).ThenBy(entry => entry.Folder, StringComparer.Ordinal)];
        }
    }

    public void Enter(PluginFolder folder, Exception exception)
    {
        var (state, reason) = PluginFailure.Of(exception);
        Enter(folder, state, reason, exception: exception is PluginException ? null : exception);
    }

    public void Enter(PluginFolder folder, PluginState state, string reason, IReadOnlyList<string>? capabilities = null, Exception? exception = null)
    {
        var info = folder.Describe(state, reason, capabilities ?? []);
        lock (_gate)
            _entries.Add(info);

        if (state is PluginState.Active)
            PluginLog.Active(logger, info.Id, info.Version, string.Join(", ", info.Capabilities));
        else if (state is PluginState.Skipped or PluginState.Disabled)
            PluginLog.NotUsed(logger, info.Id, state, reason);
        else
            PluginLog.Broken(logger, info.Id, info.Folder, state, reason, exception);
    }
}
