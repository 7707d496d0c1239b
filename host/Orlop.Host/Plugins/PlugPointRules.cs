using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

/// <summary>Compares the plug points that a module gave with what the manifest says.</summary>
internal static class PlugPointRules
{
    /// <exception cref="PluginException">A kind is declared and not given, or given and not declared; a point has no name, or two have the same.</exception>
    public static void Check(PluginManifest manifest, IReadOnlyDictionary<string, IReadOnlyList<IPlugPoint>> points)
    {
        foreach (string kind in PluginKind.All)
        {
            bool declared = manifest.Kinds.Contains(kind, StringComparer.Ordinal);
            var given = points[kind];
            if (declared && given.Count == 0)
                throw PluginException.Failed($"{PluginManifest.FileName} says that it gives a {PluginKind.Describe(kind)}, but its module registers none; register it As<{PluginKind.Contract(kind)}>(), or take \"{kind}\" out of kinds");
            if (!declared && given.Count > 0)
                throw PluginException.Failed($"its module gives the {PluginKind.Describe(kind)} '{given[0].Name}', but kinds in {PluginManifest.FileName} has no \"{kind}\"; add it");
            if (given.FirstOrDefault(point => string.IsNullOrWhiteSpace(point.Name)) is { } nameless)
                throw PluginException.Failed($"{nameless.GetType().FullName} has no name; configuration refers to it by its Name");
            if (given.GroupBy(point => point.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
                throw PluginException.Failed($"its module gives the {PluginKind.Describe(kind)} '{twice.Key}' {twice.Count()} times; give each a Name of its own");
        }
    }
}
