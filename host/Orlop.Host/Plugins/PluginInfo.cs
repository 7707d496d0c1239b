using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

/// <summary>What became of one plugin folder; shown by <c>orlop plugins</c> and CRI <c>Status.info["plugins"]</c>.</summary>
internal sealed record PluginInfo
{
    public required string Id { get; init; }

    /// <summary>The version in the manifest; empty when the manifest cannot be read.</summary>
    public required string Version { get; init; }

    public required PluginState State { get; init; }

    /// <summary>Why the plugin is not active; empty when it is.</summary>
    public required string Reason { get; init; }

    /// <summary>The kinds that the manifest declares: backend, network, images, snapshotter, hook, policy.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    public required string Folder { get; init; }

    /// <summary>The plug points that it gave, for example <c>snapshotter overlay</c>.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }
}
