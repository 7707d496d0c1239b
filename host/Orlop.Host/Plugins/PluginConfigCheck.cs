using Orlop.Host.Configuration;

namespace Orlop.Host.Plugins;

/// <summary>Checks the plugins' part of the configuration against the manifests, without loading any plugin.</summary>
internal static class PluginConfigCheck
{
    /// <summary>Adds what is wrong in <c>[plugins.*]</c> to the errors, and the plugins' effective settings to the list.</summary>
    public static void Check(OrlopConfig config, IReadOnlyList<PluginFolder> folders, ConfigErrors errors, List<ConfigSetting> settings)
    {
        foreach (var (id, plugin) in WithoutPlugin(config, folders))
            errors.Add(plugin.Settings.Origin, Describe(id, folders));
        foreach (var manifest in folders.Select(folder => folder.Manifest).OfType<PluginManifest>().DistinctBy(manifest => manifest.Id))
            PluginSettingsReader.Read(manifest, config.Plugins.GetValueOrDefault(manifest.Id), errors, settings);
    }

    /// <summary>A message for each <c>[plugins.&lt;id&gt;]</c> that no plugin reads.</summary>
    public static IEnumerable<string> SettingsWithoutPlugin(OrlopConfig config, IReadOnlyList<PluginFolder> folders) =>
        WithoutPlugin(config, folders).Select(entry => $"{entry.Value.Settings.Origin}: {Describe(entry.Key, folders)}");

    private static IEnumerable<KeyValuePair<string, PluginConfig>> WithoutPlugin(OrlopConfig config, IReadOnlyList<PluginFolder> folders) =>
        config.Plugins.Where(entry => !folders.Any(folder => string.Equals(folder.Id, entry.Key, StringComparison.Ordinal)));

    private static string Describe(string id, IReadOnlyList<PluginFolder> folders) =>
        $"[plugins.{TomlText.Key(id)}] configures a plugin that is in none of plugin_folders; {NearestKey.Hint(id, [.. folders.Select(folder => folder.Id).Distinct(StringComparer.Ordinal)])}";
}
