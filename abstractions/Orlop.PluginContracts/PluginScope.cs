using Autofac;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;
using Orlop.Abstractions.Records;

namespace Orlop.PluginContracts;

/// <summary>A plugin's module as the host runs it: in a scope with what the host lends, over folders and records of a test's own.</summary>
/// <remarks>Started again it plays a restart of the host: the module is new, folders and records are those of before.</remarks>
/// <param name="module">Makes the module.</param>
public sealed class PluginScope(Func<PluginModule> module) : IAsyncDisposable
{
    private IContainer? _scope;

    /// <summary>A value for each setting that the plugin's <c>plugin.toml</c> declares: a string, a long, a bool or a list of strings.</summary>
    public Dictionary<string, object> Settings { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The records that the plugin is lent.</summary>
    public MemoryRecordStore Records { get; } = new();

    /// <summary>The events that the plugin hears and publishes.</summary>
    public MemoryEventBus Events { get; } = new();

    /// <summary>A folder for the test's own files; removed at the end.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("orlop-contract-").FullName;

    /// <summary>What the plugin gives.</summary>
    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public T Resolve<T>()
        where T : notnull => (_scope ?? throw new InvalidOperationException($"call {nameof(StartAsync)} first")).Resolve<T>();

    /// <summary>Builds the module and starts its services; stops first what runs already.</summary>
    public async Task StartAsync()
    {
        await StopAsync();
        var entry = module();
        entry.Context = new PluginContext
        {
            Id = "test",
            Folder = AppContext.BaseDirectory,
            Settings = new PluginSettings(Settings),
            RootFolder = Directory.CreateDirectory(Path.Join(Folder, "root")).FullName,
            StateFolder = Directory.CreateDirectory(Path.Join(Folder, "state")).FullName,
        };
        var builder = new ContainerBuilder();
        builder.RegisterInstance(entry.Context);
        builder.RegisterInstance(TimeProvider.System);
        builder.RegisterInstance(Records).As<IRecordStore>();
        builder.RegisterInstance(Events).As<IEventBus>();
        builder.RegisterInstance(NullLoggerFactory.Instance).As<ILoggerFactory>();
        builder.RegisterGeneric(typeof(NullLogger<>)).As(typeof(ILogger<>));
        builder.RegisterModule(entry);
        _scope = builder.Build();
        foreach (var service in _scope.Resolve<IEnumerable<IPluginService>>())
            await service.StartAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task StopAsync()
    {
        if (_scope is null)
            return;

        foreach (var service in _scope.Resolve<IEnumerable<IPluginService>>())
            await service.StopAsync(CancellationToken.None);
        await _scope.DisposeAsync();
        _scope = null;
    }
}
