namespace Orlop.Abstractions.Plugins;

/// <summary>What a plugin knows of its place: its folder, its settings and the folders that the host gives it.</summary>
public sealed record PluginContext
{
    /// <summary>The plugin's id.</summary>
    public required string Id { get; init; }

    /// <summary>The folder that the plugin was loaded from.</summary>
    public required string Folder { get; init; }

    /// <summary>The values of <c>[plugins.&lt;id&gt;]</c> in the configuration, checked against <c>plugin.toml</c>.</summary>
    public required PluginSettings Settings { get; init; }

    /// <summary>A folder for what must survive a reboot, for example <c>/var/lib/orlop/plugins/registry</c>; exists, mode 0700.</summary>
    public required string RootFolder { get; init; }

    /// <summary>A folder for what ends with the boot, for example <c>/run/orlop/plugins/cni</c>; exists, mode 0700.</summary>
    public required string StateFolder { get; init; }
}
