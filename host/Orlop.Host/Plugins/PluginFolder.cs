using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

/// <summary>A plugin folder that was found.</summary>
/// <param name="Id">The folder's name, which is the plugin's id.</param>
/// <param name="Path">The folder.</param>
/// <param name="Manifest">What its manifest says; null when it cannot be read.</param>
internal sealed record PluginFolder(string Id, string Path, PluginManifest? Manifest)
{
    /// <summary>Why nothing of it may be loaded; null when it may.</summary>
    public PluginException? Obstacle { get; init; }

    /// <summary>The catalog's entry for it.</summary>
    public PluginInfo Describe(PluginState state, string reason, IReadOnlyList<string> capabilities) => new()
    {
        Id = Id,
        Version = Manifest?.Version ?? "",
        State = state,
        Reason = reason,
        Kinds = Manifest?.Kinds ?? [],
        Folder = Path,
        Capabilities = capabilities,
    };
}
