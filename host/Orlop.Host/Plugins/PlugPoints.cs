using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Logs;
using Orlop.Abstractions.Networking;

namespace Orlop.Host.Plugins;

/// <summary>Everything that the active plugins give, by kind and name. Made once, when all plugins have started.</summary>
internal sealed record PlugPoints
{
    public PlugPointTable<IExecutionBackend> Backends { get; init; } = new(PluginKind.Backend, []);

    public PlugPointTable<IPodNetwork> Networks { get; init; } = new(PluginKind.Network, []);

    public PlugPointTable<IImageSource> ImageSources { get; init; } = new(PluginKind.Images, []);

    public PlugPointTable<ISnapshotter> Snapshotters { get; init; } = new(PluginKind.Snapshotter, []);

    /// <summary>In the order in which they run.</summary>
    public IReadOnlyList<ILifecycleHook> Hooks { get; init; } = [];

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<IImagePolicy> ImagePolicies { get; init; } = [];

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<ILogSink> LogSinks { get; init; } = [];
}
