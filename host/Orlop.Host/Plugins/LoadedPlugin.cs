using Autofac;
using Autofac.Core;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Logs;
using Orlop.Abstractions.Networking;
using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

/// <summary>A plugin whose module was built: its scope and what it gives.</summary>
internal sealed class LoadedPlugin : IAsyncDisposable
{
    private readonly PluginAssembly _assembly;
    private readonly ILifetimeScope _scope;

    /// <summary>Makes every plug point, which runs the plugin's constructors.</summary>
    /// <exception cref="PluginException">They are not what the manifest declares.</exception>
    public LoadedPlugin(PluginFolder folder, PluginAssembly assembly, ILifetimeScope scope)
    {
        Folder = folder;
        _assembly = assembly;
        _scope = scope;
        Backends = Resolve<IExecutionBackend>();
        Networks = Resolve<IPodNetwork>();
        ImageSources = Resolve<IImageSource>();
        Snapshotters = Resolve<ISnapshotter>();
        Hooks = Resolve<ILifecycleHook>();
        ImagePolicies = Resolve<IImagePolicy>();
        LogSinks = Resolve<ILogSink>();
        Services = Resolve<IPluginService>();

        var points = new OrderedDictionary<string, IReadOnlyList<IPlugPoint>>(StringComparer.Ordinal)
        {
            [PluginKind.Backend] = Backends,
            [PluginKind.Network] = Networks,
            [PluginKind.Images] = ImageSources,
            [PluginKind.Snapshotter] = Snapshotters,
            [PluginKind.Hook] = Hooks,
            [PluginKind.Policy] = ImagePolicies,
            [PluginKind.Logs] = LogSinks,
        };
        PlugPointRules.Check(folder.Manifest!, points);
        Capabilities = [.. points.SelectMany(kind => kind.Value, (kind, point) => $"{kind.Key} {point.Name}")];
    }

    public PluginFolder Folder { get; }

    public IReadOnlyList<IExecutionBackend> Backends { get; }

    public IReadOnlyList<IPodNetwork> Networks { get; }

    public IReadOnlyList<IImageSource> ImageSources { get; }

    public IReadOnlyList<ISnapshotter> Snapshotters { get; }

    public IReadOnlyList<ILifecycleHook> Hooks { get; }

    public IReadOnlyList<IImagePolicy> ImagePolicies { get; }

    public IReadOnlyList<ILogSink> LogSinks { get; }

    public IReadOnlyList<IPluginService> Services { get; }

    /// <summary>Every plug point as <c>kind name</c>, unique in the process.</summary>
    public IReadOnlyList<string> Capabilities { get; }

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        _assembly.Dispose();
    }

    /// <summary>What <c>Resolve&lt;IEnumerable&lt;T&gt;&gt;</c> answers, without the code that Autofac generates and compiles for each T.</summary>
    private T[] Resolve<T>()
    {
        var service = new TypedService(typeof(T));
        return [.. _scope.ComponentRegistry.ServiceRegistrationsFor(service)
            .Select(registration => (T)_scope.ResolveComponent(new ResolveRequest(service, registration, [])))];
    }
}
