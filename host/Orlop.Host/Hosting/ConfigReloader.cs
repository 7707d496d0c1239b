using Orlop.Host.Configuration;
using Orlop.Host.Plugins;

namespace Orlop.Host.Hosting;

/// <summary>Reads the configuration again. With errors the running one is kept; without, what is safe takes effect at once.</summary>
internal sealed class ConfigReloader(ConfigLoader loader, RunningConfig running, HostLogging logging, ILogger<ConfigReloader> logger)
{
    /// <summary>The keys that take effect without a restart.</summary>
    public static IReadOnlySet<string> LiveKeys { get; } = new HashSet<string>(StringComparer.Ordinal) { "log.level" };

    /// <summary>False when the new configuration has errors, which are logged.</summary>
    public bool Reload()
    {
        var loaded = loader.Load();
        var folders = PluginDiscovery.Find(loaded.Config.PluginFolders);
        var wanted = Effective(loaded, folders, loaded.Errors);
        if (!loaded.Errors.IsEmpty)
        {
            foreach (var error in loaded.Errors.All)
                ReloadLog.Wrong(logger, error.ToString());
            ReloadLog.Kept(logger, loaded.Errors.All.Count);
            return false;
        }

        var changed = Changes(Effective(running.Current, folders, new ConfigErrors()), wanted);
        var (live, waiting) = (changed.FindAll(LiveKeys.Contains), changed.FindAll(key => !LiveKeys.Contains(key)));
        Apply(loaded, live);
        ReloadLog.Done(logger, live.Count == 0 ? "nothing" : string.Join(", ", live));
        if (waiting.Count > 0)
            ReloadLog.NeedsRestart(logger, string.Join(", ", waiting));
        return true;
    }

    private void Apply(LoadedConfig loaded, List<string> live)
    {
        var level = loaded.Config.Log.Level;
        logging.Level = level;

        var current = running.Current;
        running.Current = current with
        {
            Config = current.Config with { Log = current.Config.Log with { Level = level } },
            Settings = [.. current.Settings.Select(setting => live.Contains(setting.Key)
                ? loaded.Settings.First(fresh => string.Equals(fresh.Key, setting.Key, StringComparison.Ordinal))
                : setting)],
        };
    }

    // Both sides with the manifests of now, so that only the configuration can differ.
    private static Dictionary<string, string> Effective(LoadedConfig loaded, IReadOnlyList<PluginFolder> folders, ConfigErrors errors)
    {
        List<ConfigSetting> settings = [.. loaded.Settings];
        PluginConfigCheck.Check(loaded.Config, folders, errors, settings);
        return settings.ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.Ordinal);
    }

    private static List<string> Changes(Dictionary<string, string> before, Dictionary<string, string> after) =>
        [.. before.Keys.Union(after.Keys, StringComparer.Ordinal)
            .Where(key => !string.Equals(before.GetValueOrDefault(key), after.GetValueOrDefault(key), StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
}
