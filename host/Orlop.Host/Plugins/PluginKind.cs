using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Logs;
using Orlop.Abstractions.Networking;

namespace Orlop.Host.Plugins;

/// <summary>The kinds of plug point, as <c>kinds</c> in a manifest names them.</summary>
internal static class PluginKind
{
    public const string Backend = "backend";
    public const string Network = "network";
    public const string Images = "images";
    public const string Snapshotter = "snapshotter";
    public const string Hook = "hook";
    public const string Policy = "policy";
    public const string Logs = "logs";

    public static IReadOnlyList<string> All { get; } = [Backend, Network, Images, Snapshotter, Hook, Policy, Logs];

    /// <summary>The kind as messages name it.</summary>
    public static string Describe(string kind) => kind switch
    {
        Images => "image source",
        Policy => "image policy",
        Hook => "lifecycle hook",
        Logs => "log sink",
        _ => kind,
    };

    /// <summary>The name of the kind's contract.</summary>
    public static string Contract(string kind) => kind switch
    {
        Backend => nameof(IExecutionBackend),
        Network => nameof(IPodNetwork),
        Images => nameof(IImageSource),
        Snapshotter => nameof(ISnapshotter),
        Hook => nameof(ILifecycleHook),
        Policy => nameof(IImagePolicy),
        Logs => nameof(ILogSink),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };
}
