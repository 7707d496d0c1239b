using Autofac;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Logs;
using Orlop.Abstractions.Networking;
using Orlop.Abstractions.Plugins;

namespace Orlop.Host.Plugins;

/// <summary>A plugin whose module was built: its scope and what it gives.</summary>
internal sealed class LoadedPlugin(PluginFolder folder, PluginAssembly assembly, ILifetimeScope scope) : IAsyncDisposable
{
    public PluginFolder Folder { get; } = folder;

    public IReadOnlyList<IExecutionBackend> Backends { get; } = Resolve<IExecutionBackend>(scope);

    public IReadOnlyList<IPodNetwork> Networks { get; } = Resolve<IPodNetwork>(scope);

    public IReadOnlyList<IImageSource> ImageSources { get; } = Resolve<IImageSource>(scope);

    public IReadOnlyList<ISnapshotter> Snapshotters { get; } = Resolve<ISnapshotter>(scope);

    public IReadOnlyList<ILifecycleHook> Hooks { get; } = Resolve<ILifecycleHook>(scope);

    public IReadOnlyList<IImagePolicy> ImagePolicies { get; } = Resolve<IImagePolicy>(scope);

    public IReadOnlyList<ILogSink> LogSinks { get; } = Resolve<ILogSink>(scope);

    public IReadOnlyList<IPluginService> Services { get; } = Resolve<IPluginService>(scope);

    /// <summary>Every plug point as <c>kind name</c>, unique in the process.</summary>
    public IReadOnlyList<string> Capabilities =>
    [
        .. Name(PluginKind.Backend, Backends),
        .. Name(PluginKind.Network, Networks),
        .. Name(PluginKind.Images, ImageSources),
        .. Name(PluginKind.Snapshotter, Snapshotters),
        .. Name(PluginKind.Hook, Hooks),
        .. Name(PluginKind.Policy, ImagePolicies),
        .. Name(PluginKind.Logs, LogSinks),
    ];

    public async ValueTask DisposeAsync()
    {
        await scope.DisposeAsync();
        assembly.Dispose();
    }

    private static T[] Resolve<T>(ILifetimeScope scope) => [.. scope.Resolve<IEnumerable<T>>()];

    private static IEnumerable<string> Name(string kind, IEnumerable<IPlugPoint> points) => points.Select(point => $"{kind} {point.Name}");
}
