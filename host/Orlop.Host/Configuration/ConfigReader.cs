using System.Collections.Frozen;

namespace Orlop.Host.Configuration;

/// <summary>The schema of the configuration: which keys there are, of which type, under which rules.</summary>
internal static class ConfigReader
{
    private static readonly OrderedDictionary<string, LogFormat> Formats = new(StringComparer.Ordinal)
    {
        ["text"] = LogFormat.Text,
        ["json"] = LogFormat.Json,
    };

    public static OrlopConfig Read(ConfigTable document, ConfigErrors errors, List<ConfigSetting> settings)
    {
        var defaults = new OrlopConfig();
        var root = new TableReader(document, "", errors, settings);
        var config = new OrlopConfig
        {
            Socket = root.String("socket", defaults.Socket, ConfigRules.SocketPath),
            SocketGid = unchecked((uint)root.Integer("socket_gid", defaults.SocketGid, ConfigRules.Gid)),
            Root = root.String("root", defaults.Root, ConfigRules.AbsolutePath),
            State = root.String("state", defaults.State, ConfigRules.AbsolutePath),
            PluginFolders = root.Strings("plugin_folders", defaults.PluginFolders, ConfigRules.AbsolutePath),
            PluginLoadTimeout = ConfigRules.Seconds(root.Integer("plugin_load_timeout", (long)defaults.PluginLoadTimeout.TotalSeconds, ConfigRules.Timeout)),
            DefaultHandler = root.String("default_handler", defaults.DefaultHandler),
            Log = ReadLog(root.Table("log")),
            Handlers = ReadHandlers(root.Table("handlers"), errors),
            Network = ReadNetwork(root.Table("network")),
            Images = ReadImages(root.Table("images")),
            Plugins = ReadPlugins(root.Table("plugins"), errors, settings),
        };
        root.Finish();

        if (!config.Handlers.ContainsKey(config.DefaultHandler))
            errors.Add(root.OriginOf("default_handler"), $"default_handler is \"{config.DefaultHandler}\", which is no handler; {NearestKey.Hint(config.DefaultHandler, [.. config.Handlers.Keys])}");
        if (string.Equals(config.Root, config.State, StringComparison.Ordinal))
            errors.Add(root.OriginOf("state"), $"root and state are both \"{config.Root}\"; expected two folders: state is for what ends with the boot");

        return config;
    }

    private static LogConfig ReadLog(TableReader table)
    {
        var log = new LogConfig
        {
            Level = table.Choice("level", "info", LogConfig.LevelNames),
            Format = table.Choice("format", "text", Formats),
        };
        table.Finish();
        return log;
    }

    private static FrozenDictionary<string, HandlerConfig> ReadHandlers(TableReader names, ConfigErrors errors)
    {
        var defaults = new HandlerConfig();
        var handlers = new Dictionary<string, HandlerConfig>(StringComparer.Ordinal);
        foreach (string name in names.Names().Prepend("default").Distinct(StringComparer.Ordinal))
        {
            if (ConfigRules.HandlerName(name) is { } objection)
                errors.Add(names.OriginOf(name), $"[handlers.{TomlText.Key(name)}]: {objection}");

            var table = names.Table(name);
            handlers[name] = new HandlerConfig
            {
                Backend = table.String("backend", defaults.Backend, ConfigRules.PlugPointName),
                Snapshotter = table.String("snapshotter", defaults.Snapshotter, ConfigRules.PlugPointName),
            };
            table.Finish();
        }

        return handlers.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static NetworkConfig ReadNetwork(TableReader table)
    {
        var network = new NetworkConfig { Plugin = table.String("plugin", "cni", ConfigRules.PlugPointName) };
        table.Finish();
        return network;
    }

    private static ImagesConfig ReadImages(TableReader table)
    {
        var images = new ImagesConfig { Source = table.String("source", "registry", ConfigRules.PlugPointName) };
        table.Finish();
        return images;
    }

    private static FrozenDictionary<string, PluginConfig> ReadPlugins(TableReader ids, ConfigErrors errors, List<ConfigSetting> settings)
    {
        var plugins = new Dictionary<string, PluginConfig>(StringComparer.Ordinal);
        foreach (string id in ids.Names())
        {
            if (ids.TakeTable(id) is not { } table)
                continue;

            var reader = new TableReader(table, $"plugins.{TomlText.Key(id)}", errors, settings);
            var plugin = new PluginConfig
            {
                Enabled = reader.Boolean("enabled", fallback: true),
                Required = reader.Boolean("required", fallback: false),
                Settings = table,
            };
            if (plugin is { Enabled: false, Required: true })
                errors.Add(reader.OriginOf("required"), $"plugins.{TomlText.Key(id)} is required and not enabled; take one of the two out");
            plugins[id] = plugin;
        }

        return plugins.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
