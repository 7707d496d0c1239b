using Orlop.Abstractions.Execution;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Kernel;

/// <summary>What the backend can do on this node.</summary>
internal static class NodeFeatures
{
    public static BackendFeatures Describe(CgroupLayout cgroups) => new()
    {
        RecursiveReadOnlyMounts = HasMountSetAttr(),
        UserNamespaces = false,
        SupplementalGroupsPolicy = true,
        CgroupDriver = CgroupDriver.Cgroupfs,
        Facts = new Dictionary<string, string>
        {
            ["kernel"] = CgroupFile.TryRead("/proc/sys/kernel/osrelease")?.Trim() ?? "",
            ["cgroups"] = cgroups.Mode switch { CgroupMode.Unified => "v2", CgroupMode.Hybrid => "v1 (hybrid)", _ => "v1" },
            ["cgroup_controllers"] = string.Join(' ', cgroups.Hierarchies.SelectMany(tree => tree.Controllers)),
            ["cgroup_controllers_missing"] = string.Join(' ', cgroups.Missing),
        },
    };

    /// <summary>mount_setattr(2) came with Linux 5.12.</summary>
    private static bool HasMountSetAttr()
    {
        try
        {
            Mounts.SetAttributes(SafeFileDescriptor.CurrentDirectory, "/nonexistent", AtFlags.Recursive, new MountAttributeChange { Set = MountAttributes.ReadOnly });
            return true;
        }
        catch (SyscallException e)
        {
            return e.Errno != Errno.ENOSYS;
        }
    }
}
