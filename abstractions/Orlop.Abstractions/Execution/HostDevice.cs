namespace Orlop.Abstractions.Execution;

/// <summary>A device of the node, or a folder of them, that a container gets; CRI <c>Device</c>.</summary>
/// <param name="HostPath">The device node, or a folder whose device nodes are all given.</param>
/// <param name="ContainerPath">Where it appears inside.</param>
/// <param name="Permissions">Any of <c>r</c>, <c>w</c> and <c>m</c> (mknod); for the devices cgroup.</param>
public sealed record HostDevice(string HostPath, string ContainerPath, string Permissions);
