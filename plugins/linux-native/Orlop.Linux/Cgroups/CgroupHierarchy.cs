namespace Orlop.Linux.Cgroups;

/// <summary>A mounted tree of cgroups.</summary>
/// <param name="MountPoint">For example <c>/sys/fs/cgroup/memory</c>.</param>
/// <param name="Controllers">For example <c>cpu</c> and <c>cpuacct</c>; empty for a named or a v2 tree without any.</param>
/// <param name="Name">Of a v1 tree without controllers, for example <c>systemd</c>; else empty.</param>
internal sealed record CgroupHierarchy(string MountPoint, IReadOnlyList<string> Controllers, string Name = "");
