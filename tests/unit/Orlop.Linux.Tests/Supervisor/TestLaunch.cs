using Orlop.Linux.Cgroups;
using Orlop.Linux.Programs;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Supervisor;

/// <summary>A launch for tests: a shell script of busybox on the node's own file system, in a mount namespace of its own.</summary>
internal sealed class TestLaunch(string key)
{
    private SyscallProgram? program;

    public string Script { get; init; } = "exit 0";

    public ProcessKind Kind { get; init; }

    public CloneFlags Flags { get; init; }

    public string Target { get; init; } = "";

    public bool JoinTargetPidNamespace { get; init; }

    public InputMode Input { get; init; }

    public OutputMode? Output { get; init; }

    public SafeFileDescriptor? LogFolder { get; init; }

    public int CaptureLimit { get; init; } = 1 << 20;

    public SafeFileDescriptor? Oom { get; init; }

    public SafeFileDescriptor? CgroupProcs { get; init; }

    /// <summary>The folder of the cgroup to be born in.</summary>
    public SafeFileDescriptor? Cgroup { get; init; }

    /// <summary>With <see cref="Cgroup"/>: where a child that was not born there writes <c>0</c>.</summary>
    public SafeFileDescriptor? Entrance { get; init; }

    public int StartTimeout { get; init; }

    public int RunTimeout { get; init; }

    /// <summary>Instead of the script: the calls of the program.</summary>
    public Action<SyscallProgramBuilder>? Program { get; init; }

    /// <summary>Whether the calls of the program find the node's file system.</summary>
    public bool InNodeRoot { get; init; }

    /// <summary>Calls before anything else.</summary>
    public Action<SyscallProgramBuilder>? Before { get; init; }

    public string Explain(ErrorReply error) => error.Operation >= 0 ? program!.Describe(error.Operation, error.Errno) : error.ToString();

    public (LaunchRequest Request, IReadOnlyList<SafeFileDescriptor> Descriptors) Build()
    {
        var builder = new SyscallProgramBuilder();
        Before?.Invoke(builder);
        if (Cgroup is not null) ContainerProgram.EnterCgroup(builder, new CgroupEntrance(Cgroup, [Entrance!]));
        if (Program is null || InNodeRoot) EnterNodeRoot(builder);
        if (Program is null) RunScript(builder);
        else Program(builder);
        int Index(SafeFileDescriptor? descriptor) => descriptor is null ? -1 : builder.DescriptorIndex(descriptor);
        int log = Index(LogFolder), oom = Index(Oom), procs = Index(CgroupProcs), cgroup = Index(Cgroup), entrance = Index(Entrance);
        program = builder.Build();
        var request = new LaunchRequest
        {
            Key = key,
            Kind = Kind,
            CloneFlags = (int)(Flags | CloneFlags.NewMount),
            Target = Target,
            JoinTargetPidNamespace = JoinTargetPidNamespace,
            Input = Input,
            Output = Output ?? (LogFolder is not null ? OutputMode.Log : Kind == ProcessKind.Exec ? OutputMode.Capture : OutputMode.Discard),
            LogFolderDescriptor = log,
            LogName = log < 0 ? "" : "0.log",
            CaptureLimit = CaptureLimit,
            OomDescriptor = oom,
            CgroupProcsDescriptor = procs,
            CgroupDescriptor = cgroup,
            EntranceDescriptor = entrance,
            StartTimeoutMilliseconds = StartTimeout,
            RunTimeoutMilliseconds = RunTimeout,
            Program = program.Blob,
        };
        return (request, program.Descriptors);
    }

    private static void EnterNodeRoot(SyscallProgramBuilder builder)
    {
        const int MoveFromDescriptor = 4;
        Operand node = builder.Descriptor(NodeRoot);
        builder.Call("move_mount the node's root", SyscallNumber.MoveMount, [node, builder.Text(""), -100, builder.Text(PodRoot.Container), MoveFromDescriptor]);
        builder.Call("fchdir", SyscallNumber.Fchdir, [node]);
        builder.Call("pivot_root", SyscallNumber.PivotRoot, [builder.Text("."), builder.Text(".")]);
        builder.Call("umount2", SyscallNumber.Umount2, [builder.Text("."), (long)UnmountFlags.Detach]);
    }

    private void RunScript(SyscallProgramBuilder builder)
    {
        builder.Call("setsid", SyscallNumber.SetSid, []);
        builder.UseStandardStreams();
        builder.CloseDescriptors();
        builder.Call("chdir \"/\"", SyscallNumber.Chdir, [builder.Text("/")]);
        builder.Execute("/bin/busybox", ["sh", "-c", Script], ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]);
    }

    /// <summary>A detached copy of the node's mounts; a new one each time, as a mount can be attached once. Private: pivot_root(2) takes no shared one.</summary>
    private static SafeFileDescriptor NodeRoot
    {
        get
        {
            SafeFileDescriptor root = Mounts.CloneTree(SafeFileDescriptor.CurrentDirectory, "/", AtFlags.Recursive);
            Mounts.SetAttributes(root, "", AtFlags.EmptyPath | AtFlags.Recursive, new MountAttributeChange { Propagation = (ulong)MountFlags.Private });
            return root;
        }
    }
}
