using Orlop.Host.Configuration;

namespace Orlop.Host.Plugins;

/// <summary>Checks the plug points that the configuration names against the names in the manifests, without loading any plugin.</summary>
/// <remarks>Defaults are not checked: where they do not fit, the daemon runs and <c>Status</c> says what is missing.</remarks>
internal static class NamedPlugPoints
{
    public static void Check(OrlopConfig config, IReadOnlyList<PluginFolder> folders, IReadOnlyList<ConfigSetting> settings, ConfigErrors errors)
    {
        foreach (var (name, handler) in config.Handlers)
        {
            Check(PluginKind.Backend, handler.Backend, $"handlers.{TomlText.Key(name)}.backend");
            Check(PluginKind.Snapshotter, handler.Snapshotter, $"handlers.{TomlText.Key(name)}.snapshotter");
        }

        Check(PluginKind.Network, config.Network.Plugin, "network.plugin");
        Check(PluginKind.Images, config.Images.Source, "images.source");

        void Check(string kind, string wanted, string key)
        {
            var setting = settings.First(setting => setting.Key == key);
            if (setting.Origin == Origin.Default || string.IsNullOrWhiteSpace(wanted) || NamesOf(kind) is not { } known || known.Contains(wanted, StringComparer.Ordinal))
                return;

            errors.Add(setting.Origin, $"{key} is {setting.Value}, and no plugin gives a {PluginKind.Describe(kind)} of this name; {NearestKey.Hint(wanted, known)}");
        }

        // Null when a plugin leaves the names of this kind to its code.
        List<string>? NamesOf(string kind)
        {
            var givers = folders.Where(folder => folder.Obstacle is null && IsEnabled(folder)).Select(folder => folder.Manifest!)
                .Where(manifest => manifest.Kinds.Contains(kind, StringComparer.Ordinal)).ToList();
            return givers.TrueForAll(manifest => manifest.Names.ContainsKey(kind)) ? [.. givers.SelectMany(manifest => manifest.Names[kind])] : null;
        }

        bool IsEnabled(PluginFolder folder) => config.Plugins.GetValueOrDefault(folder.Id) is not { Enabled: false };
    }
}
