using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Plugins;
using Orlop.Host.Configuration;

namespace Orlop.Host.Plugins;

/// <summary>The plugins that <c>plugins.&lt;id&gt;.required</c> names and that are not there to do their part: until they are, no image is pulled and no pod or container made.</summary>
/// <param name="problems">What is wrong with each, and what to do.</param>
internal sealed class RequiredPlugins(IReadOnlyList<string> problems)
{
    /// <summary>Nothing is missing.</summary>
    public static RequiredPlugins Satisfied { get; } = new([]);

    public IReadOnlyList<string> Problems => problems;

    /// <summary>Looks for those that the configuration requires, once all plugins have loaded.</summary>
    public static RequiredPlugins Of(OrlopConfig config, PluginCatalog catalog)
    {
        var required = config.Plugins.Where(entry => entry.Value.Required).Select(entry => entry.Key).Order(StringComparer.Ordinal);
        return new RequiredPlugins([.. required.Select(ProblemOf).OfType<string>()]);

        string? ProblemOf(string id)
        {
            string key = $"plugins.{TomlText.Key(id)}.required";
            return catalog.Plugins.FirstOrDefault(plugin => string.Equals(plugin.Id, id, StringComparison.Ordinal)) switch
            {
                null => $"plugin '{id}' is required and in none of plugin_folders ({string.Join(", ", config.PluginFolders)}); install it and restart orlopd, or take {key} out of the configuration",
                { State: PluginState.Active } => null,
                var plugin => $"plugin '{id}' is required and {plugin.State}: {plugin.Reason}; repair it and restart orlopd, or take {key} out of the configuration",
            };
        }
    }

    /// <exception cref="RuntimeException"><see cref="ErrorKind.Unavailable"/>: one is missing, so that this must not be made.</exception>
    public void Demand(string what)
    {
        if (problems.Count > 0) throw RuntimeException.Unavailable($"{what}: {string.Join("; ", problems)}");
    }
}
