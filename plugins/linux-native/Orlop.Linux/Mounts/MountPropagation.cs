namespace Orlop.Linux.Mounts;

/// <summary>Whether mounts below it travel between peers; mount_namespaces(7). The values are those of <c>struct mount_attr</c>.</summary>
internal enum MountPropagation : ulong
{
    Unchanged = 0,
    Unbindable = 1 << 17,
    Private = 1 << 18,
    Slave = 1 << 19,
    Shared = 1 << 20,
}
