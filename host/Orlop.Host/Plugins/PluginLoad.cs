using Autofac;
using Orlop.Abstractions.Plugins;
using Orlop.Abstractions.Records;
using Orlop.Host.Configuration;
using Orlop.Host.Hosting;
using Orlop.Host.State;

namespace Orlop.Host.Plugins;

/// <summary>Loads one plugin, from its files to its resolved plug points.</summary>
/// <param name="config">The configuration of the daemon.</param>
/// <param name="container">Holds what every plugin is lent.</param>
/// <param name="database">Gives each plugin its namespace of records.</param>
/// <param name="loggers">The host's loggers.</param>
internal sealed class PluginLoad(OrlopConfig config, IContainer container, RecordDatabase database, ILoggerFactory loggers)
{
    /// <summary>Runs code of the plugin, and so may hang or throw anything.</summary>
    public LoadedPlugin Run(PluginFolder folder, PluginSettings settings)
    {
        var manifest = folder.Manifest!;
        string main = Path.Combine(folder.Path, manifest.Assembly);
        ApiGuard.Check(folder, manifest);
        PluginDependencies.Check(main);

        var assembly = PluginAssembly.Load(main);
        ILifetimeScope? scope = null;
        try
        {
            assembly.ProbeTypes();
            var module = assembly.CreateModule(manifest.Id);
            module.Context = ContextFor(folder, settings);
            scope = container.BeginLoadContextLifetimeScope(assembly.LoadContext, builder => Lend(builder, module));
            return new LoadedPlugin(folder, assembly, scope);
        }
        catch
        {
            scope?.Dispose();
            assembly.Dispose();
            throw;
        }
    }

    private PluginContext ContextFor(PluginFolder folder, PluginSettings settings) => new()
    {
        Id = folder.Id,
        Folder = folder.Path,
        Settings = settings,
        RootFolder = HostFolder.EnsurePrivate(Path.Combine(config.Root, "plugins", folder.Id)),
        StateFolder = HostFolder.EnsurePrivate(Path.Combine(config.State, "plugins", folder.Id)),
    };

    private void Lend(ContainerBuilder builder, PluginModule module)
    {
        string id = module.Context.Id;
        builder.RegisterInstance(module.Context);
        builder.RegisterInstance(new RecordStore(database, $"plugin/{id}")).As<IRecordStore>();
        builder.RegisterInstance(new PluginLoggerFactory(id, loggers)).As<ILoggerFactory>();
        builder.RegisterGeneric(typeof(Logger<>)).As(typeof(ILogger<>)).SingleInstance();
        builder.RegisterModule(module);
    }
}
