using System.Text;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Mounting;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Programs;

/// <summary>Writes the system calls that turn a fresh child of the supervisor into a container's first process.</summary>
internal static class ContainerProgram
{
    /// <param name="program">Empty.</param>
    /// <param name="plan">What the container is to be.</param>
    /// <param name="entrance">Of its cgroup.</param>
    /// <param name="command">What it executes.</param>
    public static void Build(SyscallProgramBuilder program, ContainerPlan plan, CgroupEntrance entrance, CommandPlan command)
    {
        var identity = new IdentitySteps(program, plan.Identity);
        program.Call("setsid", SyscallNumber.SetSid, []);
        if (plan.Terminal is { } terminal) TerminalSteps.Use(program, terminal);
        else program.UseStandardStreams();
        program.Call("umask", SyscallNumber.Umask, [0]);
        EnterCgroup(program, entrance);
        EnterNamespaces(program, plan);
        foreach ((string path, string value) in plan.Sysctls) WriteSysctl(program, path, value);
        identity.Prepare();
        ChangeRoot(program, plan);
        program.CloseDescriptors(); // before any path that the image or the user chose is followed by the process itself
        program.Call($"chdir \"{plan.WorkingDirectory}\"", SyscallNumber.Chdir, [program.Text(plan.WorkingDirectory)]);
        identity.Drop();
        command.AddTo(program);
    }

    /// <summary>Puts the child into its cgroup, unless it was born there: <c>0</c> is whoever writes.</summary>
    public static void EnterCgroup(SyscallProgramBuilder program, CgroupEntrance entrance)
    {
        Operand self = program.Text("0");
        foreach (SafeFileDescriptor file in entrance.Files)
            program.Call("enter a cgroup", SyscallNumber.Write, [program.Descriptor(file), self, 1], ignoredErrno: entrance.Folder is null ? 0 : Errno.EBADF);
    }

    private static void EnterNamespaces(SyscallProgramBuilder program, ContainerPlan plan)
    {
        for (int i = 0; i < plan.JoinedNamespaces.Count; i++)
        {
            (CloneFlags kind, string path) = plan.Namespaces.Joined[i];
            program.Call($"setns \"{path}\"", SyscallNumber.SetNs, [program.Descriptor(plan.JoinedNamespaces[i]), (int)kind]);
        }
        if (plan.Namespaces.Unshared != CloneFlags.None)
            program.Call($"unshare {plan.Namespaces.Unshared}", SyscallNumber.Unshare, [(int)plan.Namespaces.Unshared]);
    }

    private static void WriteSysctl(SyscallProgramBuilder program, string path, string value)
    {
        int file = program.Temporary();
        string full = $"/proc/sys/{path}";
        program.Call($"open \"{full}\"", SyscallNumber.OpenAt, [-100, program.Text(full), (int)(OpenFlags.WriteOnly | OpenFlags.CloseOnExec | OpenFlags.NoFollow)], file);
        program.Call($"sysctl {path}={value}", SyscallNumber.Write, [Operand.Slot(file), program.Text(value), Encoding.UTF8.GetByteCount(value)]);
    }

    private static void ChangeRoot(SyscallProgramBuilder program, ContainerPlan plan)
    {
        Operand rootTree = program.Descriptor(plan.Root);
        var root = new RootView(program, rootTree);
        AttachRoot(program, rootTree);

        var steps = new MountSteps(program, root);
        foreach (PlannedMount mount in plan.Mounts) Mount(program, root, steps, mount);
        if (plan.Devices is { } devices) new DeviceSteps(program, root).Make(devices);
        if (plan is { Terminal: not null, Devices: not null }) TerminalSteps.MountConsole(program, root, ContainerPlan.Pts);
        if (plan.WorkingDirectory != "/") root.EnsureFolder(plan.WorkingDirectory);

        var restrictions = new PathRestrictions(program, root);
        restrictions.MakeReadOnly(plan.ReadOnlyPaths);
        restrictions.Mask(plan.MaskedPaths, plan.NullFile, plan.EmptyFolder);
        if (plan.ReadOnlyRoot)
            root.SetAttributes(rootTree, new MountAttributeChange { Set = MountAttributes.ReadOnly }, recursive: false, "make the root read-only");

        program.Call("fchdir to the root", SyscallNumber.Fchdir, [rootTree]);
        Operand here = program.Text(".");
        program.Call("pivot_root", SyscallNumber.PivotRoot, [here, here]); // the old root lies on top of the new one now
        program.Call("unmount the old root", SyscallNumber.Umount2, [here, (int)UnmountFlags.Detach]);
        program.Call("chdir \"/\"", SyscallNumber.Chdir, [program.Text("/")]);
        if (plan.RootPropagation != MountPropagation.Unchanged)
            program.Call("propagation of the root", SyscallNumber.Mount, [Operand.Null, program.Text("/"), Operand.Null, (long)plan.RootPropagation, Operand.Null]);
    }

    private static void AttachRoot(SyscallProgramBuilder program, Operand rootTree)
    {
        const int MoveFromEmptyPath = 4, CurrentDirectory = -100;
        program.Call("move_mount the root", SyscallNumber.MoveMount, [rootTree, program.Text(""), CurrentDirectory, program.Text(PodRoot.Container), MoveFromEmptyPath]);
    }

    private static void Mount(SyscallProgramBuilder program, RootView root, MountSteps steps, PlannedMount mount)
    {
        switch (mount.Type)
        {
            case PlannedMount.Bind:
                steps.Bind(mount.Trees[0].Mount, mount.Source, mount.Destination);
                break;
            case PlannedMount.Pod:
                MountOfPod(program, root, mount);
                break;
            case "cgroup":
                LegacyCgroups(program, root, steps, mount);
                break;
            default:
                steps.FileSystem(mount.Type, mount.Source, mount.Destination, mount.Options);
                break;
        }
    }

    /// <summary>A folder of the supervisor's mount namespace, which the child's is a copy of.</summary>
    private static void MountOfPod(SyscallProgramBuilder program, RootView root, PlannedMount mount)
    {
        const int OpenTreeClone = 1, CurrentDirectory = -100;
        int tree = program.Temporary();
        program.Call(
            $"take the pod's \"{mount.Source}\"", SyscallNumber.OpenTree,
            [CurrentDirectory, program.Text(mount.Source), OpenTreeClone | (int)OpenFlags.CloseOnExec], tree);
        if (!mount.Options.Change.IsEmpty)
            root.SetAttributes(
                Operand.Slot(tree), new MountAttributeChange { Set = mount.Options.Change.Set, Clear = mount.Options.Change.Clear }, recursive: false, $"options of \"{mount.Destination}\"");
        root.EnsureFolder(mount.Destination);
        root.Attach(Operand.Slot(tree), mount.Destination, mount.Source);
    }

    /// <summary>cgroup v1: a tmpfs with a folder for each hierarchy, which shows the container's own cgroup.</summary>
    private static void LegacyCgroups(SyscallProgramBuilder program, RootView root, MountSteps steps, PlannedMount mount)
    {
        int folder = program.Temporary();
        MountOptions writable = MountOptions.Parse(["nosuid", "nodev", "noexec", "mode=755"], mount.Destination);
        root.EnsureFolder(mount.Destination);
        Operand tree = steps.Make("tmpfs", "tmpfs", mount.Destination, writable, folder);
        root.Attach(tree, mount.Destination, "tmpfs");
        foreach ((string name, HostMount hierarchy) in mount.Trees)
        {
            steps.Bind(hierarchy, $"cgroup hierarchy {name}", $"{mount.Destination}/{name}");
            if (!name.Contains(',', StringComparison.Ordinal)) continue;
            foreach (string controller in name.Split(','))
                program.Call($"link \"{mount.Destination}/{controller}\"", SyscallNumber.SymlinkAt, [program.Text(name), tree, program.Text(controller)], ignoredErrno: Errno.EEXIST);
        }
        if ((mount.Options.Change.Set & MountAttributes.ReadOnly) != MountAttributes.None)
            root.SetAttributes(tree, new MountAttributeChange { Set = MountAttributes.ReadOnly }, recursive: false, $"make \"{mount.Destination}\" read-only");
    }
}
