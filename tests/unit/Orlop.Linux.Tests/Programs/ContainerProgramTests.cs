using Orlop.Linux.Cgroups;
using Orlop.Linux.Mounting;
using Orlop.Linux.Programs;
using Orlop.Linux.Protocol;
using Orlop.Linux.Seccomp;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Programs;

public sealed class ContainerProgramTests
{
    private static readonly SafeFileDescriptor Descriptor = new(1000, ownsHandle: false);

    [Fact]
    public void The_order_of_steps_is_the_order_of_safety() => Steps(Identity(noNewPrivileges: true)).Should().Equal((string[])
    [
        "setsid", "dup2 to 0", "dup2 to 1", "dup2 to 2", "umask",
        "enter a cgroup", "unshare NewCgroup",
        "open \"/proc/self/oom_score_adj\"", "write 100 to \"/proc/self/oom_score_adj\"", "new session keyring", "resource limit 7 to 10:20",
        "move_mount the root",
        "make folder \"/proc\" in the container", "fsopen proc for \"/proc\"", "option source=proc of proc for \"/proc\"", "create proc for \"/proc\"", "fsmount proc for \"/proc\"",
        "open \"/proc\" in the container", "mount proc on \"/proc\"",
        "make folder \"/data\" in the container", "open \"/data\" in the container", "make folder \"/data/web\" in the container", "open \"/data/web\" in the container", "mount /host/web on \"/data/web\"",
        "open \"/data\" in the container", "make file \"/data/conf\" in the container", "open \"/data/conf\" in the container", "mount /host/conf on \"/data/conf\"",
        "make folder \"/dev\" in the container", "open \"/dev\" in the container", "make device \"/dev/null\"",
        .. Link("/dev/fd"), .. Link("/dev/stdin"), .. Link("/dev/stdout"), .. Link("/dev/stderr"), .. Link("/dev/ptmx"),
        "open \"/proc/sys\" in the container", "make \"/proc/sys\" read-only", "make \"/proc/sys\" read-only", "make \"/proc/sys\" read-only",
        "open \"/proc/keys\" in the container", "mask \"/proc/keys\"",
        "open \"/proc/kcore\" in the container", "cover for \"/proc/kcore\"", "mask \"/proc/kcore\"",
        "make the root read-only",
        "fchdir to the root", "pivot_root", "unmount the old root", "chdir \"/\"",
        "close_range", "chdir \"/\"",
        "umask", "drop capability 1 from the bounding set", "keep capabilities over setuid", "setgroups", "setresgid 20", "setresuid 10", "do not keep capabilities", "capset",
        "clear ambient capabilities", "raise ambient capability 0", "no_new_privs", "load the seccomp filter",
        "execve \"/bin/a\"", "execve \"/usr/bin/a\"",
    ]);

    [Fact]
    public void Without_no_new_privileges_the_filter_is_loaded_while_that_is_allowed()
    {
        List<string> steps = Steps(Identity(noNewPrivileges: false));

        steps.IndexOf("load the seccomp filter").Should().BeLessThan(steps.IndexOf("setresuid 10")).And.BeGreaterThan(steps.IndexOf("close_range"));
        steps.Should().NotContain("no_new_privs");
    }

    private static string[] Link(string path) => ["open \"/dev\" in the container", $"link \"{path}\""];

    private static IdentityPlan Identity(bool noNewPrivileges) => new()
    {
        Uid = 10, Gid = 20, Groups = [20], Umask = 0x12, Bounding = 1, Effective = 1, Permitted = 1, Inheritable = 1, Ambient = 1, LastCapability = 1,
        NoNewPrivileges = noNewPrivileges, Seccomp = new SeccompFilter(new byte[8], 0), Limits = [(7, 10, 20)], OomScoreAdjust = [100],
    };

    private static List<string> Steps(IdentityPlan identity)
    {
        MountOptions none = MountOptions.Parse([], "/");
        var plan = new ContainerPlan
        {
            Root = Descriptor,
            ReadOnlyRoot = true,
            RootPropagation = MountPropagation.Unchanged,
            Namespaces = NamespacePlan.Create([new() { Type = "mount" }, new() { Type = "pid" }, new() { Type = "cgroup" }], []),
            JoinedNamespaces = [],
            PidNamespace = null,
            Mounts =
            [
                new PlannedMount("/proc", "proc", "proc", none, []),
                new PlannedMount("/data/web", "/host/web", PlannedMount.Bind, none, [("", new HostMount(Descriptor, IsFolder: true))]),
                new PlannedMount("/data/conf", "/host/conf", PlannedMount.Bind, none, [("", new HostMount(Descriptor, IsFolder: false))]),
            ],
            Devices = [DeviceNode.Defaults[0]],
            MaskedPaths = [new MaskedPath("/proc/keys", IsFolder: false), new MaskedPath("/proc/kcore", IsFolder: false)],
            ReadOnlyPaths = ["/proc/sys"],
            NullFile = Descriptor,
            EmptyFolder = null,
            Sysctls = [],
            WorkingDirectory = "/",
            Identity = identity,
        };
        var builder = new SyscallProgramBuilder();
        ContainerProgram.Build(builder, plan, new CgroupEntrance(null, [Descriptor]), new CommandPlan(["/bin/a", "/usr/bin/a"], ["a"], []));
        SyscallProgram program = builder.Build();
        return [.. Enumerable.Range(0, builder.Count).Select(program.Label)];
    }
}
