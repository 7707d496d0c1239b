namespace Orlop.Linux.Protocol;

/// <summary>
/// Starts a process: the supervisor clones a child with <see cref="CloneFlags"/>, which runs <see cref="Program"/>; the program ends in execve(2).
/// Descriptor i of the frame is in slot <see cref="Slots.FirstDescriptor"/> + i of the program; the fields below that name a descriptor do so
/// by the same i, or -1 for none.
/// </summary>
internal sealed record LaunchRequest
{
    /// <summary>See <see cref="ProcessKey"/>; EEXIST when it is taken.</summary>
    public required string Key { get; init; }

    /// <summary>What it is.</summary>
    public ProcessKind Kind { get; init; }

    /// <summary>CLONE_NEW* flags of the child; the supervisor adds what it needs itself.</summary>
    public int CloneFlags { get; init; }

    /// <summary>
    /// The key of a running process that this one has to do with; may be empty. Its pidfd is in <see cref="Slots.Target"/>. ESRCH when it has ended.
    /// </summary>
    public string Target { get; init; } = "";

    /// <summary>Whether the child is born into the target's pid namespace; setns(2) cannot move it there afterwards.</summary>
    public bool JoinTargetPidNamespace { get; init; }

    /// <summary>A pid namespace to be born into instead.</summary>
    public int PidNamespaceDescriptor { get; init; } = -1;

    /// <summary>Standard input.</summary>
    public InputMode Input { get; init; }

    /// <summary>Standard output and error.</summary>
    public OutputMode Output { get; init; }

    /// <summary>With <see cref="OutputMode.Log"/>: the log's folder, kept open to open the file again after a rotation.</summary>
    public int LogFolderDescriptor { get; init; } = -1;

    /// <summary>With <see cref="OutputMode.Log"/>: the file's name in that folder, a single path part.</summary>
    public string LogName { get; init; } = "";

    /// <summary>With <see cref="OutputMode.Capture"/>: bytes of each stream that are sent.</summary>
    public int CaptureLimit { get; init; }

    /// <summary>The cgroup's <c>memory.events</c> (v2) or <c>memory.oom_control</c> (v1), open for reading: both have a line <c>oom_kill N</c>.</summary>
    public int OomDescriptor { get; init; } = -1;

    /// <summary>The cgroup's <c>cgroup.kill</c> (v2), open for writing; killing the process kills the cgroup.</summary>
    public int CgroupKillDescriptor { get; init; } = -1;

    /// <summary>The cgroup's <c>cgroup.procs</c> (v1), open for reading; for killing where there is no <c>cgroup.kill</c>.</summary>
    public int CgroupProcsDescriptor { get; init; } = -1;

    /// <summary>How long the program may take until its execve(2); 0 for ever. After that the child is killed, ETIMEDOUT.</summary>
    public int StartTimeoutMilliseconds { get; init; }

    /// <summary>How long the process may run; 0 for ever. After that it is killed with its cgroup and its process group.</summary>
    public int RunTimeoutMilliseconds { get; init; }

    /// <summary>The blob of a <see cref="SyscallProgram"/>.</summary>
    public required ReadOnlyMemory<byte> Program { get; init; }

    /// <summary>
    /// The master side of a terminal that the program puts on 0, 1 and 2 itself: the supervisor reads the output from it, in place of pipes, and hands it
    /// out as the input.
    /// </summary>
    public int TerminalDescriptor { get; init; } = -1;

    /// <summary>
    /// The folder of the cgroup (v2) that the child is to be born in. Where the kernel refuses that, the child begins in the supervisor's cgroup, and its
    /// program has to enter the other by <see cref="EntranceDescriptor"/>.
    /// </summary>
    public int CgroupDescriptor { get; init; } = -1;

    /// <summary>With <see cref="CgroupDescriptor"/>: that cgroup's <c>cgroup.procs</c>, open for writing. Its slot holds -1 where the child was born in the cgroup.</summary>
    public int EntranceDescriptor { get; init; } = -1;

    /// <summary>Builds the frame.</summary>
    public ReadOnlyMemory<byte> ToFrame(uint id, int descriptors)
    {
        var w = new WireWriter(Frame.HeadSize + 512 + Program.Length);
        w.Text(Key);
        w.Byte((byte)Kind);
        w.Int32(CloneFlags);
        w.Text(Target);
        w.Flag(JoinTargetPidNamespace);
        w.Int32(PidNamespaceDescriptor);
        w.Byte((byte)Input);
        w.Byte((byte)Output);
        w.Int32(LogFolderDescriptor);
        w.Text(LogName);
        w.Int32(CaptureLimit);
        w.Int32(OomDescriptor);
        w.Int32(CgroupKillDescriptor);
        w.Int32(CgroupProcsDescriptor);
        w.Int32(StartTimeoutMilliseconds);
        w.Int32(RunTimeoutMilliseconds);
        w.Bytes(Program.Span);
        w.Int32(TerminalDescriptor);
        w.Int32(CgroupDescriptor);
        w.Int32(EntranceDescriptor);
        return w.Complete(MessageKind.Launch, id, descriptors);
    }

    /// <summary>Reads the body.</summary>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static LaunchRequest Read(ReadOnlySpan<byte> body)
    {
        var r = new WireReader(body);
        return new LaunchRequest
        {
            Key = r.Text(),
            Kind = (ProcessKind)r.Byte(),
            CloneFlags = r.Int32(),
            Target = r.Text(),
            JoinTargetPidNamespace = r.Flag(),
            PidNamespaceDescriptor = r.Int32(-1),
            Input = (InputMode)r.Byte(),
            Output = (OutputMode)r.Byte(),
            LogFolderDescriptor = r.Int32(-1),
            LogName = r.Text(),
            CaptureLimit = r.Int32(),
            OomDescriptor = r.Int32(-1),
            CgroupKillDescriptor = r.Int32(-1),
            CgroupProcsDescriptor = r.Int32(-1),
            StartTimeoutMilliseconds = r.Int32(),
            RunTimeoutMilliseconds = r.Int32(),
            Program = r.Bytes().ToArray(),
            TerminalDescriptor = r.Int32(-1),
            CgroupDescriptor = r.Int32(-1),
            EntranceDescriptor = r.Int32(-1),
        };
    }
}
