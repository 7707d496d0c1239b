using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Mounting;
using Orlop.Linux.Programs;
using Orlop.Linux.Protocol;
using OciLinux = Orlop.Abstractions.Oci.Runtime.Linux;

namespace Orlop.Linux.Containers;

/// <summary>Opens what the mounts of a container need from the node. Work of <see cref="HostPathOpener"/>.</summary>
internal sealed class MountPlanner(CgroupLayout layout)
{
    private static readonly string[] CgroupDefaults = ["nosuid", "nodev", "noexec"];

    /// <param name="paths">The node's.</param>
    /// <param name="spec">The container.</param>
    /// <param name="cgroup">Its cgroup.</param>
    /// <param name="podSharedMemory">The source by which the pod's own shared memory is known; null when it has none.</param>
    public IReadOnlyList<PlannedMount> Plan(HostPaths paths, ContainerSpec spec, Cgroup cgroup, string? podSharedMemory)
    {
        var planned = new List<PlannedMount>();
        try
        {
            foreach (Mount mount in spec.Oci.Mounts ?? []) planned.Add(Plan(paths, mount, spec.Oci.Linux, cgroup, podSharedMemory));
            foreach (ImageVolume volume in spec.ImageVolumes) Insert(planned, Plan(volume));
            return planned;
        }
        catch
        {
            foreach (PlannedMount mount in planned)
                foreach ((_, HostMount tree) in mount.Trees) tree.Dispose();
            throw;
        }
    }

    /// <summary>A mount comes before those that lie below its place, which it would hide.</summary>
    private static void Insert(List<PlannedMount> planned, PlannedMount mount)
    {
        int below = planned.FindIndex(other => other.Destination != mount.Destination && ContainerPath.IsWithin(other.Destination, mount.Destination));
        planned.Insert(below < 0 ? planned.Count : below, mount);
    }

    private static PlannedMount Plan(ImageVolume volume)
    {
        string destination = ContainerPath.Clean(volume.Destination);
        if (destination == "/") throw RuntimeException.InvalidArgument("ImageVolumeMountFailed: nothing can be mounted on the root of a container.");
        MountOptions options = MountOptions.Parse([.. volume.Options, "ro"], destination);
        return new PlannedMount(destination, "an image volume", PlannedMount.Bind, options, [("", ImageVolumeMounter.Mount(volume, options))]);
    }

    private PlannedMount Plan(HostPaths paths, Mount mount, OciLinux? linux, Cgroup cgroup, string? podSharedMemory)
    {
        string destination = ContainerPath.Clean(mount.Destination);
        if (destination == "/") throw RuntimeException.InvalidArgument($"mount {mount.Source}: nothing can be mounted on the root of a container.");
        MountOptions options = MountOptions.Parse(mount.Options, destination);
        string source = string.IsNullOrEmpty(mount.Source) ? "none" : mount.Source;
        if (options.Bind || mount.Type == "bind")
        {
            if (options.Data.Count > 0) throw RuntimeException.InvalidArgument($"mount {destination}: a bind mount takes no option '{options.Data[0]}'.");
            if (source == podSharedMemory) return new PlannedMount(destination, PodRoot.SharedMemory, PlannedMount.Pod, options, []);
            return new PlannedMount(destination, source, PlannedMount.Bind, options, [("", paths.Clone(source, destination, options))]);
        }
        if (mount.Type is "cgroup" or "cgroup2") return Cgroups(paths, destination, options, linux, cgroup);
        if (string.IsNullOrEmpty(mount.Type)) throw RuntimeException.InvalidArgument($"mount {destination}: it has no type.");
        return new PlannedMount(destination, source, mount.Type, options, []);
    }

    private PlannedMount Cgroups(HostPaths paths, string destination, MountOptions options, OciLinux? linux, Cgroup cgroup)
    {
        if (layout.Mode != CgroupMode.Unified)
        {
            var trees = new List<(string, HostMount)>();
            foreach (CgroupHierarchy tree in layout.Hierarchies)
                trees.Add((Path.GetFileName(tree.MountPoint), paths.Clone(tree.MountPoint + cgroup.Path, destination, options)));
            return new PlannedMount(destination, "cgroup", "cgroup", options, trees);
        }
        if (linux?.Namespaces?.Any(own => own.Type == "cgroup") == true)
            return new PlannedMount(destination, "cgroup", "cgroup2", options, []);
        MountOptions whole = MountOptions.Parse([.. CgroupDefaults, (options.Change.Set & Syscalls.MountAttributes.ReadOnly) != Syscalls.MountAttributes.None ? "ro" : "rw"], destination);
        string root = layout.Hierarchies[0].MountPoint;
        return new PlannedMount(destination, root, PlannedMount.Bind, whole, [("", paths.Clone(root, destination, whole))]);
    }
}
