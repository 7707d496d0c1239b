using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Engine.Specs;

/// <summary>The mounts of a Linux container: the kernel's file systems, then the pod's files, then what was asked for.</summary>
internal static class LinuxMounts
{
    private static readonly string[] NoSuidNoExecNoDev = ["nosuid", "noexec", "nodev"];

    public static IReadOnlyList<Mount> Build(ContainerRequest request, IReadOnlyList<Mount> shared)
    {
        bool privileged = request.Security.Privileged;
        List<Mount> mounts =
        [
            new() { Destination = "/proc", Type = "proc", Source = "proc", Options = NoSuidNoExecNoDev },
            new() { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            new()
            {
                Destination = "/dev/pts", Type = "devpts", Source = "devpts",
                Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
            },
            new() { Destination = "/dev/mqueue", Type = "mqueue", Source = "mqueue", Options = NoSuidNoExecNoDev },
            new() { Destination = "/sys", Type = "sysfs", Source = "sysfs", Options = [.. NoSuidNoExecNoDev, privileged ? "rw" : "ro"] },
            new() { Destination = "/sys/fs/cgroup", Type = "cgroup", Source = "cgroup", Options = [.. NoSuidNoExecNoDev, "relatime", privileged ? "rw" : "ro"] },
        ];

        var asked = request.Mounts.Where(m => m.Image.Length == 0).Select(m => Translate(request, m)).ToList();
        var taken = asked.Select(m => Clean(m.Destination)).ToHashSet(StringComparer.Ordinal);

        mounts.RemoveAll(m => taken.Contains(m.Destination));
        mounts.AddRange(shared.Where(m => !taken.Contains(Clean(m.Destination))).Select(m => ReadOnlyWithRoot(m, request.Security.ReadOnlyRootfs)));

        // A mount below another must come after it, whatever the order of the request; OrderBy is stable.
        mounts.AddRange(asked.OrderBy(m => Depth(m.Destination)));
        return mounts;
    }

    private static Mount Translate(ContainerRequest request, MountRequest mount)
    {
        if (mount.ContainerPath.Length == 0) throw Invalid(request, mount, "has no container_path");
        if (mount.HostPath.Length == 0) throw Invalid(request, mount, "has no host_path");

        string propagation = mount.Propagation switch
        {
            MountPropagation.Private => "rprivate",
            MountPropagation.HostToContainer => "rslave",
            MountPropagation.Bidirectional => "rshared",
            _ => throw Invalid(request, mount, $"has the unknown propagation {(int)mount.Propagation}"),
        };

        if (mount.RecursiveReadOnly && (!mount.ReadOnly || mount.Propagation != MountPropagation.Private))
        {
            throw Invalid(request, mount, "is recursive_read_only, which needs readonly and private propagation");
        }

        string access = mount.RecursiveReadOnly ? "rro" : mount.ReadOnly ? "ro" : "rw";
        string destination = mount.ContainerPath[0] == '/' ? mount.ContainerPath : $"/{mount.ContainerPath}";
        return new Mount { Destination = destination, Type = "bind", Source = mount.HostPath, Options = ["rbind", propagation, access, .. ExtraOptions(request, mount)] };
    }

    /// <summary>What <c>mount_options</c> asks for.</summary>
    public static IReadOnlyList<string> ExtraOptions(ContainerRequest request, MountRequest mount) =>
        mount.Options.FirstOrDefault(o => o is not ("noexec" or "nodev" or "nosuid")) is { } unknown
            ? throw Invalid(request, mount, $"has the mount option \"{unknown}\"; known are noexec, nodev and nosuid")
            : mount.Options;

    /// <summary>The pod's files follow a read-only root; its shared memory does not.</summary>
    private static Mount ReadOnlyWithRoot(Mount mount, bool readOnlyRoot) =>
        readOnlyRoot && mount.Destination != "/dev/shm"
            ? mount with { Options = [.. (mount.Options ?? []).Where(o => o != "rw"), "ro"] }
            : mount;

    private static RuntimeException Invalid(ContainerRequest request, MountRequest mount, string what) =>
        RuntimeException.InvalidArgument($"container \"{request.Name}\": mount \"{mount.HostPath}\" at \"{mount.ContainerPath}\" {what}");

    private static string Clean(string path) => path.Length > 1 ? path.TrimEnd('/') : path;

    private static int Depth(string path) => Clean(path).Count(c => c == '/');
}
