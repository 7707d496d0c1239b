namespace Orlop.Linux.Protocol;

/// <summary>
/// The mount namespace that a supervisor lives in and that its children copy (R19: copying it costs the same however many mounts the node has):
/// a tmpfs as root with three folders, and nothing else.
/// </summary>
internal static class PodRoot
{
    /// <summary>The node's proc file system; also lets a child in a user namespace mount its own.</summary>
    public const string Proc = "/proc";

    /// <summary>The node's sysfs, for the same reason.</summary>
    public const string Sys = "/sys";

    /// <summary>An empty folder: where a child with its own mount namespace puts its container's root before pivot_root(2).</summary>
    public const string Container = "/container";
}
