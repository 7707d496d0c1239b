using Orlop.Abstractions.Plugins;

namespace Orlop.Windows;

/// <summary>The plugin's settings; their meaning stands in <c>plugin.toml</c>.</summary>
internal sealed record WindowsSettings
{
    public string Owner { get; init; } = "orlop";

    public static WindowsSettings From(PluginSettings settings) => new() { Owner = settings.String("owner") };
}
