using Orlop.Linux.Mounting;

namespace Orlop.Linux.Programs;

/// <summary>A mount of a container, ready to be made.</summary>
/// <param name="Destination">Clean.</param>
/// <param name="Source">For messages, and for file systems that show it.</param>
/// <param name="Type">The file system; <c>bind</c> for a tree of the node, <c>pod</c> for one of the supervisor's own mount namespace.</param>
/// <param name="Options">Parsed.</param>
/// <param name="Trees">What it brings from the node: one tree for a bind mount, one for each hierarchy of cgroup v1 with its name.</param>
internal sealed record PlannedMount(string Destination, string Source, string Type, MountOptions Options, IReadOnlyList<(string Name, HostMount Mount)> Trees)
{
    public const string Bind = "bind";
    public const string Pod = "pod";
}
