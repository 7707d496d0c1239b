using Orlop.Abstractions.Plugins;
using Orlop.Host.Configuration;
using Orlop.Host.Plugins;

namespace Orlop.Host.Hosting;

/// <summary><c>orlopd config check</c> and <c>orlopd config show</c>.</summary>
internal static class ConfigCommands
{
    /// <summary>Prints every error of the daemon's and the plugins' configuration; 0 when there is none.</summary>
    public static int Check(CommandLine line, TextWriter output, TextWriter error)
    {
        var (loaded, settings, folders) = Load(line);
        NamedPlugPoints.Check(loaded.Config, folders, settings, loaded.Errors);
        foreach (var folder in folders.Where(folder => folder.Obstacle is not null))
        {
            if (loaded.Config.Plugins.GetValueOrDefault(folder.Id) is { Required: true } required)
                loaded.Errors.Add(required.Settings.Origin, $"plugin '{folder.Id}' is required and {folder.Obstacle!.State}: {folder.Obstacle.Message}");
            else if (folder.Obstacle!.State is not PluginState.Skipped)
                error.WriteLine($"warning: plugin {folder.Id} in {folder.Path}: {folder.Obstacle.Message}");
        }

        foreach (var wrong in loaded.Errors.All)
            error.WriteLine(wrong);
        if (!loaded.Errors.IsEmpty)
            return 1;

        output.WriteLine(loaded.Files.Count == 0
            ? "The configuration is good: no file, all defaults."
            : $"The configuration is good: {string.Join(", ", loaded.Files)}");
        return 0;
    }

    /// <summary>Prints each effective value as a line of TOML, with its origin as the comment.</summary>
    public static int Show(CommandLine line, TextWriter output, TextWriter error)
    {
        var (loaded, settings, _) = Load(line);
        var lines = settings.Select(setting => (Text: $"{setting.Key} = {setting.Value}", setting.Origin)).ToList();
        int width = lines.Select(entry => entry.Text.Length).Where(length => length <= 60).DefaultIfEmpty(0).Max();
        foreach (var (text, origin) in lines)
            output.WriteLine($"{text.PadRight(width)}  # {origin}");

        foreach (var wrong in loaded.Errors.All)
            error.WriteLine(wrong);
        return loaded.Errors.IsEmpty ? 0 : 1;
    }

    private static (LoadedConfig Loaded, IReadOnlyList<ConfigSetting> Settings, IReadOnlyList<PluginFolder> Folders) Load(CommandLine line)
    {
        var loaded = new ConfigLoader(line.ConfigFile, line.LogLevel).Load();
        var folders = PluginDiscovery.Find(loaded.Config.PluginFolders);
        List<ConfigSetting> settings = [.. loaded.Settings];
        PluginConfigCheck.Check(loaded.Config, folders, loaded.Errors, settings);
        return (loaded, settings, folders);
    }
}
