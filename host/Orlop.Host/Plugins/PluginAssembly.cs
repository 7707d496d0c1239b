using System.Reflection;
using System.Runtime.Loader;
using McMaster.NETCore.Plugins;
using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

/// <summary>A plugin's main assembly in a load context of its own. The only class that knows McMaster.NETCore.Plugins.</summary>
/// <remarks>
/// Contexts are not collectible: collectible code is slower, and a plugin is exchanged by a restart of the daemon, which
/// no pod notices.
/// </remarks>
internal sealed class PluginAssembly : IDisposable
{
    private readonly PluginLoader _loader;
    private readonly Assembly _assembly;

    private PluginAssembly(PluginLoader loader, Assembly assembly)
    {
        _loader = loader;
        _assembly = assembly;
    }

    public AssemblyLoadContext LoadContext => _loader.LoadContext;

    public static PluginAssembly Load(string path)
    {
        // Lazy: only the shared assemblies themselves are unified by name. What they reference is not in a plugin's
        // folder (ApiGuard), and what is not there comes from the host.
        var config = new PluginConfig(path) { IsLazyLoaded = true };
        foreach (var name in SharedAssemblies.Names)
            config.SharedAssemblies.Add(name);

        var loader = new PluginLoader(config);
        try
        {
            return new PluginAssembly(loader, loader.LoadDefaultAssembly());
        }
        catch
        {
            loader.Dispose();
            throw;
        }
    }

    /// <summary>Finds what a missing or wrong library breaks now, instead of at its first use.</summary>
    /// <exception cref="PluginException">A type cannot be loaded.</exception>
    public void ProbeTypes()
    {
        try
        {
            _assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            var causes = e.LoaderExceptions.OfType<Exception>().Select(cause => cause.Message).Distinct(StringComparer.Ordinal).Take(3);
            throw PluginException.Failed($"{_assembly.GetName().Name} has types that cannot be loaded: {string.Join("; ", causes)}");
        }
    }

    /// <summary>Makes the module that <see cref="OrlopPluginAttribute"/> names.</summary>
    /// <exception cref="PluginException">There is no such attribute, or it does not fit the manifest.</exception>
    public PluginModule CreateModule(string id)
    {
        string name = _assembly.GetName().Name!;
        var entry = _assembly.GetCustomAttribute<OrlopPluginAttribute>()
            ?? throw PluginException.Failed($"{name} carries no [assembly: OrlopPlugin(\"{id}\", typeof(…))]");
        if (!string.Equals(entry.Id, id, StringComparison.Ordinal))
            throw PluginException.Failed($"{name} says that it is the plugin '{entry.Id}', its manifest says '{id}'; give both the same id");
        if (!typeof(PluginModule).IsAssignableFrom(entry.Module))
            throw PluginException.Failed($"{entry.Module.FullName} in {name} is not derived from PluginModule");

        return (PluginModule)Activator.CreateInstance(entry.Module)!;
    }

    public void Dispose() => _loader.Dispose();
}
