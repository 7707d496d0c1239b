using Autofac;
using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Plugins;
using Orlop.Abstractions.Records;
using Orlop.PluginContracts;
using Orlop.Registry.Http;

namespace Orlop.Registry.Tests.Support;

/// <summary>The plugin as the host runs it: its module in a container, its service started. Made again over the same folder and records, it has been restarted.</summary>
internal sealed class Plugin : IAsyncDisposable
{
    private readonly IContainer _container;
    private readonly IPluginService _service;
    private bool _stopped;

    private Plugin(IContainer container)
    {
        _container = container;
        _service = container.Resolve<IPluginService>();
    }

    public IImageSource Source => _container.Resolve<IImageSource>();

    public IContentStore Content => _container.Resolve<IContentStore>();

    public ISnapshotter Overlay => _container.Resolve<IEnumerable<ISnapshotter>>().Single(s => s.Name == "overlay");

    public ISnapshotter Copy => _container.Resolve<IEnumerable<ISnapshotter>>().Single(s => s.Name == "copy");

    public T Get<T>()
        where T : notnull => _container.Resolve<T>();

    public static async Task<Plugin> StartAsync(string folder, IRecordStore? records = null, TimeProvider? time = null, LogLines? log = null, string[]? pinned = null, RegistryLimits? limits = null)
    {
        Directory.CreateDirectory(Path.Combine(folder, "root"));
        Directory.CreateDirectory(Path.Combine(folder, "hosts"));
        var module = new RegistryModule
        {
            Context = new PluginContext
            {
                Id = "registry",
                Folder = AppContext.BaseDirectory,
                RootFolder = Path.Combine(folder, "root"),
                StateFolder = Path.Combine(folder, "state"),
                Settings = new PluginSettings(new Dictionary<string, object>
                {
                    ["hosts_folders"] = (IReadOnlyList<string>)[Path.Combine(folder, "hosts")],
                    ["pinned_images"] = (IReadOnlyList<string>)(pinned ?? []),
                    ["max_concurrent_downloads"] = 3L,
                }),
            },
        };
        var builder = new ContainerBuilder();
        builder.RegisterModule(module);
        builder.RegisterInstance(records ?? new MemoryRecordStore()).As<IRecordStore>();
        builder.RegisterInstance(time ?? TimeProvider.System);
        builder.RegisterInstance(limits ?? new RegistryLimits { RetryDelay = TimeSpan.FromMilliseconds(5) });
        builder.RegisterInstance(log ?? new LogLines());
        builder.RegisterGeneric(typeof(LineLogger<>)).As(typeof(ILogger<>)).SingleInstance();
        var plugin = new Plugin(builder.Build());
        await plugin._service.StartAsync(CancellationToken.None);
        return plugin;
    }

    public Task<Image> PullAsync(string reference, RegistryCredentials? credentials = null, ISnapshotter? snapshotter = null, CancellationToken cancellationToken = default) =>
        Source.PullAsync(new PullRequest { Reference = reference, Snapshotter = snapshotter ?? Overlay, Credentials = credentials }, NoPhase.Instance, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        await _service.StopAsync(CancellationToken.None);
        await _container.DisposeAsync();
    }
}
