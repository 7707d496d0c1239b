using Autofac;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;
using Orlop.Abstractions.Records;
using Orlop.Host.Configuration;
using Orlop.Host.Hosting;
using Orlop.Host.State;

namespace Orlop.Host.Plugins;

/// <summary>Loads plugins, each from its files to its resolved plug points.</summary>
/// <param name="config">The configuration of the daemon.</param>
/// <param name="database">Gives each plugin its namespace of records.</param>
/// <param name="events">What happens to pods and containers.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">The host's loggers.</param>
internal sealed class PluginLoad(OrlopConfig config, RecordDatabase database, IEventBus events, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    /// <summary>How long a plugin waits for its turn at most: one that hangs does not hold up the others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // More at once would only take the processors from each other, and from the first calls.
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount - 1));
    private readonly Lazy<IContainer> _container = new(() => BuildContainer(events, time)); // not on the way to the first answer
    private readonly Lock _gate = new();
    private readonly List<Task<LoadedPlugin>> _abandoned = []; // threads that were still in a plugin's code when nobody waited any longer

    /// <summary>Runs code of the plugin, and so may fail with anything.</summary>
    /// <exception cref="PluginException">It cannot be used, it hangs, or the daemon stops.</exception>
    public async Task<LoadedPlugin> RunAsync(PluginFolder folder, PluginSettings settings, PluginProgress progress, CancellationToken stopping)
    {
        bool hasTurn = await _turns.WaitAsync(Patience, CancellationToken.None);
        // A thread of its own: a plugin that hangs must not take one from the pool.
        var work = Task.Factory.StartNew(() => RunInTurn(folder, settings, progress, hasTurn), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await work.WaitAsync(config.PluginLoadTimeout, time, stopping);
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            Abandon(work);
            throw PluginException.Failed($"did not load within {config.PluginLoadTimeout.TotalSeconds:F0} s (plugin_load_timeout): it hangs {Describe(progress.Step)}; repair it, or switch it off with plugins.{TomlText.Key(folder.Id)}.enabled = false");
        }
        catch (OperationCanceledException) when (!work.IsCompleted)
        {
            Abandon(work);
            throw PluginException.Failed("the daemon stopped before it was loaded");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var late in _abandoned.Where(task => task.IsCompletedSuccessfully))
            await (await late).DisposeAsync();
        if (_container.IsValueCreated)
            await _container.Value.DisposeAsync();
    }

    private void Abandon(Task<LoadedPlugin> work)
    {
        lock (_gate)
            _abandoned.Add(work);
    }

    private static IContainer BuildContainer(IEventBus events, TimeProvider time)
    {
        var builder = new ContainerBuilder();
        builder.RegisterInstance(time).As<TimeProvider>().ExternallyOwned();
        builder.RegisterInstance(events).As<IEventBus>().ExternallyOwned();
        return builder.Build();
    }

    private static string Describe(PluginStep step) => step switch
    {
        PluginStep.Module => "in its module",
        PluginStep.PlugPoints => "in the constructor of a plug point or service",
        _ => $"at the step {step}", // our own code: reading its files, for example from a disk that does not answer
    };

    private LoadedPlugin RunInTurn(PluginFolder folder, PluginSettings settings, PluginProgress progress, bool hasTurn)
    {
        try
        {
            return Run(folder, settings, progress);
        }
        finally
        {
            if (hasTurn)
                _turns.Release();
        }
    }

    private LoadedPlugin Run(PluginFolder folder, PluginSettings settings, PluginProgress progress)
    {
        var manifest = folder.Manifest!;
        string main = Path.Combine(folder.Path, manifest.Assembly);
        progress.Enter(PluginStep.Assemblies);
        ApiGuard.Check(folder, manifest);
        progress.Enter(PluginStep.Dependencies);
        PluginDependencies.Check(main);

        progress.Enter(PluginStep.Types);
        var assembly = PluginAssembly.Load(main);
        ILifetimeScope? scope = null;
        try
        {
            assembly.ProbeTypes();
            progress.Enter(PluginStep.Module);
            var module = assembly.CreateModule(manifest.Id);
            module.Context = ContextFor(folder, settings);
            scope = _container.Value.BeginLoadContextLifetimeScope(assembly.LoadContext, builder => Lend(builder, module));
            progress.Enter(PluginStep.PlugPoints);
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
