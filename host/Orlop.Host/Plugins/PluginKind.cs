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
}
