using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Kernel;
using Orlop.Linux.Mounting;
using Orlop.Linux.Programs;
using Orlop.Linux.Protocol;
using Orlop.Linux.Sandboxes;
using Orlop.Linux.Syscalls;
using Orlop.Linux.Users;
using OciLinux = Orlop.Abstractions.Oci.Runtime.Linux;

namespace Orlop.Linux.Containers;

/// <summary>Prepares a container: root file system, user, host paths, cgroup and limits.</summary>
internal sealed class ContainerPreparer(CgroupLayout layout, IdentityPlanner identities, HostPathOpener hostPaths)
{
    /// <summary>Descriptors of a program that are not mounts: root, log, cgroups, namespaces, terminal, covers.</summary>
    private const int OtherDescriptors = 32;

    private readonly MountPlanner _mounts = new(layout);

    /// <summary>Who the container's process is; for a container that is made.</summary>
    public static ResolvedUser FindUser(SafeFileDescriptor root, UserRequest request) =>
        UserResolver.Resolve(request, RootReader.ReadText(root, "/etc/passwd"), RootReader.ReadText(root, "/etc/group"));

    /// <param name="spec">The container.</param>
    /// <param name="root">Its mounted root; taken over, also by a failure.</param>
    /// <param name="user">As found in the root.</param>
    /// <param name="cgroup">To make and to limit.</param>
    /// <param name="sandbox">Its pod.</param>
    /// <param name="phase">The operation.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<PreparedContainer> PrepareAsync(
        ContainerSpec spec, SafeFileDescriptor root, ContainerUser user, Cgroup cgroup, LinuxSandbox sandbox, IPhase phase, CancellationToken cancellationToken)
    {
        OpenedPaths? opened = null;
        var kept = new List<IDisposable> { root };
        try
        {
            Process process = Check(spec);
            spec = spec with
            {
                Oci = spec.Oci with { Mounts = [.. (spec.Oci.Mounts ?? []).Select(mount => mount with { Destination = RootPath.Resolve(root, mount.Destination) })] },
                ImageVolumes = [.. spec.ImageVolumes.Select(volume => volume with { Destination = RootPath.Resolve(root, volume.Destination) })],
            };
            OciLinux? linux = spec.Oci.Linux;
            IdentityPlan identity = identities.Plan(spec, user);
            NamespacePlan namespaces = NamespacePlan.Create(linux?.Namespaces, sandbox.Namespaces);

            using (phase.Begin("cgroup"))
            {
                cgroup.Create();
                cgroup.Apply(linux?.Resources ?? new Resources());
            }
            using (phase.Begin("host paths"))
            {
                opened = await hostPaths.RunAsync(paths => Open(paths, spec, root, cgroup, sandbox), cancellationToken);
                kept.Add(opened);
            }
            CheckCount(spec, opened.Mounts);

            bool privileged = DeviceAccess.Plan(linux?.Resources?.Devices) is [{ Allow: true, IsTotal: true }];
            cgroup.RestrictDevices(DeviceAccess.Plan([.. linux?.Resources?.Devices ?? [], .. privileged ? [] : opened.Devices.Select(pair => pair.Rule)]));

            string[] volumes = [.. opened.Mounts.Select(mount => mount.Destination)];
            string workingDirectory = ContainerPath.Clean(process.Cwd);
            if (workingDirectory != "/" && !volumes.Any(volume => ContainerPath.IsWithin(workingDirectory, volume))) RootReader.EnsureFolder(root, workingDirectory);

            Terminal? terminal = process.Terminal ? MakeTerminal(spec, process, (uint)user.Uid) : null;
            IReadOnlyList<PlannedMount> mounts = opened.Mounts;
            if (terminal is not null)
            {
                kept.Add(terminal);
                // Its own instance takes the place of the one that the child would make.
                mounts = [.. mounts.Select(mount => mount.Destination == ContainerPlan.Pts
                    ? mount with { Type = PlannedMount.Bind, Trees = [("", new HostMount(terminal.Instance, IsFolder: true))] }
                    : mount)];
            }

            IReadOnlyList<MaskedPath> masked = opened.Masked;
            var plan = new ContainerPlan
            {
                Root = root,
                ReadOnlyRoot = spec.Oci.Root?.Readonly == true,
                RootPropagation = RootPropagation(linux?.RootfsPropagation),
                Namespaces = namespaces,
                JoinedNamespaces = KeepAll(namespaces.Joined.Select(joined => OpenNamespace(joined.Path))),
                PidNamespace = namespaces.PidPath is { } path ? Keep(OpenNamespace(path)) : null,
                Mounts = mounts,
                Devices = opened.Mounts.Any(mount => mount is { Destination: "/dev", Type: PlannedMount.Bind }) ? null : Nodes(linux, opened, privileged),
                MaskedPaths = masked,
                ReadOnlyPaths = [.. (linux?.ReadonlyPaths ?? []).Select(ContainerPath.Clean)],
                NullFile = masked.Any(mask => !mask.IsFolder) ? Keep(Mounts.CloneTree(SafeFileDescriptor.CurrentDirectory, "/dev/null", AtFlags.None)) : null,
                EmptyFolder = masked.Any(mask => mask.IsFolder) ? Keep(MakeEmptyFolder()) : null,
                Sysctls = Sysctl.PlanContainer(linux?.Sysctl, namespaces.Own, sandbox.Spec),
                WorkingDirectory = workingDirectory,
                Identity = identity,
                Terminal = terminal,
            };
            return new PreparedContainer(plan, opened.LogFolder, volumes);
        }
        catch (Exception e)
        {
            kept.ForEach(one => one.Dispose());
            if (e is SyscallException failed) throw KernelErrors.Translate($"prepare container {spec.Name}", failed);
            throw;
        }

        SafeFileDescriptor Keep(SafeFileDescriptor descriptor)
        {
            kept.Add(descriptor);
            return descriptor;
        }

        List<SafeFileDescriptor> KeepAll(IEnumerable<SafeFileDescriptor> descriptors) => [.. descriptors.Select(Keep)];
    }

    private OpenedPaths Open(HostPaths paths, ContainerSpec spec, SafeFileDescriptor root, Cgroup cgroup, LinuxSandbox sandbox)
    {
        IReadOnlyList<(LinuxDevice, DeviceRule)> devices = HostDevices.Find(paths, spec.Devices);
        SafeFileDescriptor? logFolder = null;
        if (spec.LogPath is { } log)
        {
            string folder = Path.GetDirectoryName(log) ?? "/";
            logFolder = paths.TryOpenFolder(folder)
                ?? throw RuntimeException.InvalidArgument($"container {spec.Name}: log folder {folder} does not exist; make it first, as the kubelet does.");
        }
        var opened = new OpenedPaths([], devices, [], logFolder);
        try
        {
            opened = opened with { Mounts = _mounts.Plan(paths, spec, cgroup, sandbox.SharedMemorySource) };
            return opened with { Masked = new PathProbe(root, opened.Mounts, paths).Find(spec.Oci.Linux?.MaskedPaths) };
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private static Process Check(ContainerSpec spec)
    {
        Process process = spec.Oci.Process ?? throw RuntimeException.InvalidArgument($"container {spec.Name}: its OCI spec has no process.");
        if (process.Args.Count == 0) throw RuntimeException.InvalidArgument($"container {spec.Name}: neither the image nor the request names a command.");
        IEnumerable<string> texts = [.. process.Args, .. process.Env, process.Cwd, .. (spec.Oci.Mounts ?? []).SelectMany(mount => new[] { mount.Destination, mount.Source ?? "" }), .. spec.Devices.Select(device => device.HostPath)];
        if (texts.FirstOrDefault(text => text.Contains('\0', StringComparison.Ordinal)) is { } cut)
            throw RuntimeException.InvalidArgument($"container {spec.Name}: \"{cut.Replace("\0", "\\0", StringComparison.Ordinal)}\" holds a NUL, where the kernel would cut it off.");
        if (process.Cwd.Length == 0 || process.Cwd[0] != '/') throw RuntimeException.InvalidArgument($"container {spec.Name}: working directory '{process.Cwd}' is not absolute.");
        if (spec.Oci.Hooks is { } hooks && new[] { hooks.Prestart, hooks.CreateRuntime, hooks.CreateContainer, hooks.StartContainer, hooks.Poststart, hooks.Poststop }.Any(list => list is { Count: > 0 }))
            throw new RuntimeException(ErrorKind.Unimplemented, $"container {spec.Name}: linux-native does not run OCI hooks.");
        return process;
    }

    /// <summary>Each mount of a path of the node travels to the child as a descriptor, all of them in one message.</summary>
    private static void CheckCount(ContainerSpec spec, IReadOnlyList<PlannedMount> mounts)
    {
        const int Most = Frame.MaxDescriptors - OtherDescriptors;
        int trees = mounts.Sum(mount => mount.Trees.Count);
        if (trees > Most)
            throw RuntimeException.InvalidArgument($"container {spec.Name}: {trees} mounts from the node; linux-native takes {Most}. Mount a folder instead of the many files in it.");
    }

    private static Terminal MakeTerminal(ContainerSpec spec, Process process, uint uid)
    {
        Mount pts = spec.Oci.Mounts?.LastOrDefault(mount => mount.Type == "devpts" && ContainerPath.Clean(mount.Destination) == ContainerPlan.Pts)
            ?? throw RuntimeException.InvalidArgument($"container {spec.Name}: a terminal needs a devpts mount at {ContainerPlan.Pts}.");
        MountOptions options = MountOptions.Parse(pts.Options, ContainerPlan.Pts);
        return Terminal.Create(options.Data, options.Change.Set, uid, Size(process.ConsoleSize?.Width), Size(process.ConsoleSize?.Height));

        static ushort Size(uint? cells) => (ushort)Math.Min(cells ?? 0, ushort.MaxValue);
    }

    private static IReadOnlyList<DeviceNode> Nodes(OciLinux? linux, OpenedPaths opened, bool privileged)
    {
        var nodes = new List<DeviceNode>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (LinuxDevice device in (linux?.Devices ?? []).Concat(opened.Devices.Select(pair => pair.Device)))
        {
            DeviceNode node = DeviceNode.From(device);
            if (!taken.Add(node.Path)) throw RuntimeException.InvalidArgument($"device {node.Path} is listed twice.");
            nodes.Add(node);
        }
        foreach (DeviceNode node in DeviceNode.Defaults)
            if (taken.Add(node.Path)) nodes.Add(node);
        if (privileged)
            foreach (LinuxDevice device in HostDevices.All())
                if (DeviceNode.From(device) is var node && taken.Add(node.Path) && node.Path != "/dev/ptmx") nodes.Add(node);
        return nodes;
    }

    private static SafeFileDescriptor OpenNamespace(string path) =>
        FileSystem.TryOpen(SafeFileDescriptor.CurrentDirectory, path, OpenFlags.ReadOnly)
        ?? throw RuntimeException.FailedPrecondition($"namespace {path} does not exist; has its process ended?");

    private static SafeFileDescriptor MakeEmptyFolder()
    {
        using FileSystemContext tmpfs = Mounts.OpenFileSystem("tmpfs");
        tmpfs.Set("nr_blocks", "1");
        tmpfs.Set("nr_inodes", "1");
        return tmpfs.Mount(MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec);
    }

    private static MountPropagation RootPropagation(string? propagation) => propagation switch
    {
        null or "" or "private" or "rprivate" or "slave" or "rslave" => MountPropagation.Unchanged, // the root is a mount of its own already
        "shared" or "rshared" => MountPropagation.Shared,
        "unbindable" or "runbindable" => MountPropagation.Unbindable,
        _ => throw RuntimeException.InvalidArgument($"rootfsPropagation '{propagation}' is unknown."),
    };
}
