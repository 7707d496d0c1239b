using Orlop.Abstractions.Plugins;
using Orlop.Host.Configuration;

namespace Orlop.Host.Plugins;

/// <summary>A plug point that the configuration names and no active plugin gives.</summary>
/// <param name="Kind">Its kind; see <see cref="PluginKind"/>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Message">Who needs it, what is there instead, and which plugin failed to give it.</param>
internal sealed record MissingPlugPoint(string Kind, string Name, string Message);

/// <summary>Compares what the configuration names with what the plugins give. What is missing shows in CRI <c>Status</c>; it never stops the daemon.</summary>
internal static class RequiredPlugPoints
{
    public static IReadOnlyList<MissingPlugPoint> FindMissing(OrlopConfig config, PlugPoints points, PluginCatalog catalog)
    {
        var missing = new List<MissingPlugPoint>();
        foreach (var (name, handler) in config.Handlers.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Require(PluginKind.Backend, handler.Backend, points.Backends.Names, $"handlers.{name}.backend");
            Require(PluginKind.Snapshotter, handler.Snapshotter, points.Snapshotters.Names, $"handlers.{name}.snapshotter");
        }

        Require(PluginKind.Network, config.Network.Plugin, points.Networks.Names, "network.plugin");
        Require(PluginKind.Images, config.Images.Source, points.ImageSources.Names, "images.source");
        return missing;

        void Require(string kind, string wanted, IReadOnlyList<string> known, string key)
        {
            if (known.Contains(wanted, StringComparer.Ordinal))
                return;

            var suspects = catalog.Plugins
                .Where(plugin => plugin.State is not PluginState.Active && plugin.Kinds.Contains(kind, StringComparer.Ordinal))
                .Select(plugin => $"; plugin '{plugin.Id}' is {plugin.State}: {plugin.Reason}");
            string message = $"{key} = \"{wanted}\": no active plugin gives this {PluginKind.Describe(kind)}; {NearestKey.Hint(wanted, known)}{string.Concat(suspects)}";
            missing.Add(new MissingPlugPoint(kind, wanted, message));
        }
    }
}
