using System.Collections.Frozen;
using System.Reflection;
using Autofac;
using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

/// <summary>The assemblies whose types cross the border between host and plugins, and that therefore exist once in the process.</summary>
internal static class SharedAssemblies
{
    private static readonly Type[] Markers = [typeof(PluginModule), typeof(ContainerBuilder), typeof(ILogger), typeof(IServiceCollection)];

    public static IReadOnlyList<AssemblyName> Names { get; } = [.. Markers.Select(marker => marker.Assembly.GetName())];

    /// <summary>The host's version of each, by name.</summary>
    public static FrozenDictionary<string, Version> Versions { get; } =
        Names.ToFrozenDictionary(name => name.Name!, name => name.Version!, StringComparer.OrdinalIgnoreCase);

    /// <summary>The version of the plugin API that this host gives.</summary>
    public static Version Api { get; } = typeof(PluginModule).Assembly.GetName().Version!;
}
