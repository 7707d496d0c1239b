using Autofac;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orlop.Abstractions.Plugins;
using Orlop.Abstractions.Records;
using Orlop.PluginContracts;

namespace Orlop.ContractTests;

/// <summary>A plugin's module in a scope, with what the host would lend it; a second scope over the same records and folders is a restart.</summary>
internal sealed class PluginScope : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orlop-contract-").FullName;
    private readonly MemoryRecordStore _records = new();
    private readonly Func<PluginModule> _module;
    private IContainer? _scope;

    public PluginScope(Func<PluginModule> module) => _module = module;

    /// <summary>The values of the plugin's settings.</summary>
    public Dictionary<string, object> Settings { get; init; } = new(StringComparer.Ordinal);

    /// <summary>A folder for the test's own files.</summary>
    public string Folder => _folder;

    /// <summary>What the plugin gives.</summary>
    public T Resolve<T>()
        where T : notnull => (_scope ?? throw new InvalidOperationException("not started")).Resolve<T>();

    public async Task StartAsync()
    {
        await StopAsync();
        var module = _module();
        module.Context = new PluginContext
        {
            Id = "test",
            Folder = AppContext.BaseDirectory,
            Settings = new PluginSettings(Settings),
            RootFolder = Directory.CreateDirectory(Path.Join(_folder, "root")).FullName,
            StateFolder = Directory.CreateDirectory(Path.Join(_folder, "state")).FullName,
        };
        var builder = new ContainerBuilder();
        builder.RegisterInstance(module.Context);
        builder.RegisterInstance(TimeProvider.System);
        builder.RegisterInstance(_records).As<IRecordStore>();
        builder.RegisterInstance(NullLoggerFactory.Instance).As<ILoggerFactory>();
        builder.RegisterGeneric(typeof(NullLogger<>)).As(typeof(ILogger<>));
        builder.RegisterModule(module);
        _scope = builder.Build();
        foreach (var service in _scope.Resolve<IEnumerable<IPluginService>>()) await service.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StopAsync()
    {
        if (_scope is null) return;
        foreach (var service in _scope.Resolve<IEnumerable<IPluginService>>()) await service.StopAsync(CancellationToken.None);
        await _scope.DisposeAsync();
        _scope = null;
    }
}
