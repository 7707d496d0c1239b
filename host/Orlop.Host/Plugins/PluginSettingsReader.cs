using Orlop.Abstractions.Plugins;
using Orlop.Host.Configuration;

namespace Orlop.Host.Plugins;

/// <summary>Checks <c>[plugins.&lt;id&gt;]</c> against the settings that the plugin's manifest declares.</summary>
internal static class PluginSettingsReader
{
    /// <summary>Returns a value for each declared setting; what is wrong goes to the errors.</summary>
    public static PluginSettings Read(PluginManifest manifest, PluginConfig? config, ConfigErrors errors, List<ConfigSetting> settings)
    {
        var table = new TableReader(config?.Settings, $"plugins.{TomlText.Key(manifest.Id)}", errors, settings);
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var declared in manifest.Settings)
        {
            values[declared.Name] = declared.Kind switch
            {
                SettingKind.String => table.String(declared.Name, (string)declared.Default),
                SettingKind.Integer => table.Integer(declared.Name, (long)declared.Default, declared.Objection),
                SettingKind.Boolean => table.Boolean(declared.Name, (bool)declared.Default),
                _ => table.Strings(declared.Name, (IReadOnlyList<string>)declared.Default),
            };
        }

        foreach (string own in PluginManifestReader.HostKeys)
            table.Know(own); // read with the rest of the configuration
        table.Finish();
        return new PluginSettings(values);
    }
}
