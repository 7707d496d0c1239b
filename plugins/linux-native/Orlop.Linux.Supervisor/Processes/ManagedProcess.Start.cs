using Orlop.Linux.Protocol;
using Orlop.Linux.Supervisor.Clients;
using Orlop.Linux.Supervisor.Logs;
using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>How it starts: checked and prepared in the loop, cloned in a thread of its own, taken over in the loop again.</summary>
internal sealed partial class ManagedProcess
{
    private const CloneFlags AllowedFlags = CloneFlags.NewMount | CloneFlags.NewCgroup | CloneFlags.NewUts | CloneFlags.NewIpc | CloneFlags.NewUser | CloneFlags.NewPid | CloneFlags.NewNet;

    /// <summary>Prepares and begins a launch; the owner hears how it went.</summary>
    /// <param name="request">What to launch.</param>
    /// <param name="requestId">For the answers.</param>
    /// <param name="descriptors">What came with it; taken over when this returns.</param>
    /// <param name="target">The process that the request names as its target.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="loop">Where it lives.</param>
    /// <param name="owner">Who hears of it.</param>
    /// <exception cref="ProtocolException">The request makes no sense.</exception>
    /// <exception cref="SyscallException">Something could not be opened or made.</exception>
    public ManagedProcess(
        LaunchRequest request, uint requestId, SafeFileDescriptor[] descriptors, ManagedProcess? target, Client client, LoopContext loop, IProcessOwner owner)
    {
        CheckRequest(request, descriptors.Length);
        Key = request.Key;
        Kind = request.Kind;
        Client = client;
        RequestId = requestId;
        this.loop = loop;
        this.owner = owner;
        InNodePidNamespace = ((CloneFlags)request.CloneFlags & CloneFlags.NewPid) == CloneFlags.None && (!request.JoinTargetPidNamespace || target is { InNodePidNamespace: true });
        runTimeout = request.RunTimeoutMilliseconds;
        attached = [];
        childEnds = [];
        scope = new KillScope(Copy(request.CgroupKillDescriptor), Copy(request.CgroupProcsDescriptor));
        try
        {
            if (Copy(request.OomDescriptor) is { } counter) oom = new OomCounter(counter);
            if (request.Output == OutputMode.Log) log = new LogFile(descriptors[request.LogFolderDescriptor].Duplicate(), request.LogName);
            MakeStreams(request, Copy(request.TerminalDescriptor));
            image = ProgramImage.Load(request.Program.Span);
            for (int i = 0; i < 3; i++) image.SetSlot(Slots.Input + i, childEnds[i].Number);
            for (int i = 0; i < descriptors.Length; i++) image.SetSlot(Slots.FirstDescriptor + i, descriptors[i].Number);
            // Copies: the target may end and close its pidfd while our thread uses it.
            SafeFileDescriptor? targetFd = target?.PidFd?.Duplicate();
            SafeFileDescriptor? pidNamespace = request.JoinTargetPidNamespace ? targetFd : Copy(request.PidNamespaceDescriptor);
            if (targetFd is not null) image.SetSlot(Slots.Target, targetFd.Number);
            List<SafeFileDescriptor> copies = [];
            if (targetFd is not null) copies.Add(targetFd);
            if (pidNamespace is not null && pidNamespace != targetFd) copies.Add(pidNamespace);
            attached = [.. descriptors, .. copies];
            job = new LaunchJob(image, (CloneFlags)request.CloneFlags, pidNamespace, loop.Launches)
            {
                Cgroup = request.CgroupDescriptor < 0 ? null : descriptors[request.CgroupDescriptor],
                EntranceSlot = Slots.FirstDescriptor + request.EntranceDescriptor,
            };
            if (request.StartTimeoutMilliseconds > 0) deadline = Clock.Ticks + request.StartTimeoutMilliseconds;
            job.Start();
        }
        catch
        {
            attached = [];
            Dispose();
            throw;
        }

        SafeFileDescriptor? Copy(int index) => index < 0 ? null : descriptors[index].Duplicate();
    }

    /// <summary>Takes over what its thread has made, if that is through.</summary>
    public void CompleteStart()
    {
        if (State != ProcessState.Starting || job is not { Finished: true }) return;
        int pid = job.Join(out PidFd? child);
        if (pid < 0)
        {
            Fail(new ErrorReply(-pid, -1, job.FailedCall));
        }
        else if (image!.FailedOperation >= 0)
        {
            _ = new ChildReaper(child!, pid, loop);
            Fail(new ErrorReply(image.FailedErrno, image.FailedOperation, ""));
        }
        else if (!image.ReachedExit)
        {
            _ = new ChildReaper(child!, pid, loop);
            Fail(new ErrorReply(timedOut ? Errno.ETIMEDOUT : Errno.ECANCELED, image.CurrentOperation, timedOut ? "killed by the start timeout" : "killed"));
        }
        else
        {
            Begin(pid, child!);
        }
    }

    private void Begin(int pid, PidFd child)
    {
        ProcessId = pid;
        pidFd = child;
        startedAt = Clock.Now();
        startTicks = ProcessStat.StartTicks(pid);
        State = ProcessState.Running;
        deadline = runTimeout > 0 ? Clock.Ticks + runTimeout : long.MaxValue;
        ReleaseStart();
        owner.Started(this, new LaunchedReply(pid, startedAt, startTicks));
        output?.Watch();
        error?.Watch();
        loop.Poller.Watch(child, this);
        timedOut = false;
        if (killRequested || (Kind == ProcessKind.Exec && Client.Gone)) Kill();
    }

    private void Fail(ErrorReply reply)
    {
        State = ProcessState.Exited;
        owner.Failed(this, reply);
        Dispose();
    }

    private void ReleaseStart()
    {
        foreach (SafeFileDescriptor end in childEnds)
        {
            if (end != loop.NullDevice) end.Dispose();
        }

        foreach (SafeFileDescriptor descriptor in attached) descriptor.Dispose();
        childEnds = attached = [];
        job?.Dispose();
        job = null;
        image?.Dispose();
        image = null;
    }

    private void MakeStreams(LaunchRequest request, SafeFileDescriptor? terminal)
    {
        childEnds = [loop.NullDevice, loop.NullDevice, loop.NullDevice];
        if (terminal is not null)
        {
            input = terminal.Duplicate();
            Sockets.SetNonBlocking(terminal);
            output = MakeStream(terminal, isError: false, request);
            return;
        }

        if (request.Input == InputMode.Pipe) (childEnds[0], input) = Sockets.Pipe();
        if (request.Output == OutputMode.Discard) return;
        output = MakeStream(MakePipe(1), isError: false, request);
        error = MakeStream(MakePipe(2), isError: true, request);
    }

    private SafeFileDescriptor MakePipe(int childEnd)
    {
        (SafeFileDescriptor read, childEnds[childEnd]) = Sockets.Pipe();
        Sockets.SetNonBlocking(read);
        return read;
    }

    private OutputStream MakeStream(SafeFileDescriptor read, bool isError, LaunchRequest request) => request.Output switch
    {
        OutputMode.Log => new LogStream(read, isError, log!, loop, StreamClosed),
        OutputMode.Capture => new CaptureStream(read, (byte)(isError ? 2 : 1), Client, RequestId, request.CaptureLimit, loop, StreamClosed),
        _ => new DiscardStream(read, loop, StreamClosed), // a terminal that nobody reads would hold the process up
    };

    private static void CheckRequest(LaunchRequest request, int descriptors)
    {
        if (!ProcessKey.IsValid(request.Key)) throw new ProtocolException($"\"{request.Key}\" is no key");
        if (((CloneFlags)request.CloneFlags & ~AllowedFlags) != CloneFlags.None) throw new ProtocolException($"clone flags 0x{request.CloneFlags:x}");
        if (request.Kind > ProcessKind.PodInit || request.Input > InputMode.Pipe || request.Output > OutputMode.Capture) throw new ProtocolException("an unknown kind or mode");
        if (request.Output == OutputMode.Capture && request.Kind != ProcessKind.Exec) throw new ProtocolException("only an exec can be captured");
        if (request.Output == OutputMode.Log && (request.LogName.Length == 0 || request.LogName.Contains('/') || request.LogName.Contains('\0') || request.LogName is "." or ".."))
            throw new ProtocolException($"\"{request.LogName}\" is no name for a log");
        CheckDescriptor(request.TerminalDescriptor, -1);
        CheckDescriptor(request.LogFolderDescriptor, request.Output == OutputMode.Log ? 0 : -1);
        CheckDescriptor(request.PidNamespaceDescriptor, -1);
        CheckDescriptor(request.OomDescriptor, -1);
        CheckDescriptor(request.CgroupKillDescriptor, -1);
        CheckDescriptor(request.CgroupProcsDescriptor, -1);
        CheckDescriptor(request.CgroupDescriptor, -1);
        CheckDescriptor(request.EntranceDescriptor, request.CgroupDescriptor >= 0 ? 0 : -1);

        void CheckDescriptor(int index, int lowest)
        {
            if (index < lowest || index >= descriptors) throw new ProtocolException($"descriptor {index} of {descriptors}");
        }
    }
}
