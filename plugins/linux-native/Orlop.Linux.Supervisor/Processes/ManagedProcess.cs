using Orlop.Linux.Protocol;
using Orlop.Linux.Supervisor.Clients;
using Orlop.Linux.Supervisor.Logs;
using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>A process of the pod, from its launch until it is forgotten.</summary>
internal sealed partial class ManagedProcess : IEventSource, IDisposable
{
    private const int DrainMilliseconds = 2000; // how long somebody else may hold the output open after the end (R7)

    private const int KillAgainMilliseconds = 100;

    private readonly IProcessOwner owner;
    private readonly LoopContext loop;
    private readonly KillScope scope;
    private readonly OomCounter? oom;
    private readonly LogFile? log;
    private readonly int runTimeout;

    private LaunchJob? job;                 // while it starts
    private ProgramImage? image;            // while it starts
    private SafeFileDescriptor[] attached;  // the program's descriptors, while it starts
    private SafeFileDescriptor[] childEnds; // of its streams, while it starts
    private PidFd? pidFd;                   // while it runs
    private SafeFileDescriptor? input;      // our end of its standard input
    private OutputStream? output;
    private OutputStream? error;
    private long deadline = long.MaxValue;  // of the state it is in, in Clock.Ticks
    private long startTicks;
    private long startedAt;
    private long exitedAt;
    private long oomKills;
    private WaitStatus status;
    private bool timedOut;
    private bool killRequested; // while it starts: the child may not exist yet
    private bool outputCut;

    public string Key { get; }

    public ProcessKind Kind { get; }

    public ProcessState State { get; private set; }

    /// <summary>Whether it may be in our own pid namespace.</summary>
    public bool InNodePidNamespace { get; }

    /// <summary>Who launched it.</summary>
    public Client Client { get; }

    /// <summary>The id of the request.</summary>
    public uint RequestId { get; }

    /// <summary>When <see cref="DeadlinePassed"/> is due, in <see cref="Clock.Ticks"/>.</summary>
    public long Deadline => deadline;

    /// <summary>Whether it holds no pipe and no process any more.</summary>
    public bool Ended => State == ProcessState.Exited;

    /// <summary>Its id in the node's pid namespace; 0 while it starts.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Its pidfd while it runs.</summary>
    public PidFd? PidFd => State == ProcessState.Running ? pidFd : null;

    /// <summary>The process has ended.</summary>
    public void OnReady(uint events)
    {
        if (Syscalls.Processes.Wait(ProcessId, wait: false, out WaitStatus ended) is 0) return;
        HasExited(ended);
    }

    /// <summary>Takes the status of a process that somebody has waited for.</summary>
    public void HasExited(WaitStatus ended)
    {
        if (State != ProcessState.Running) return;
        status = ended;
        exitedAt = Clock.Now();
        oomKills = oom?.Kills ?? 0;
        State = ProcessState.Draining;
        deadline = Clock.Ticks + DrainMilliseconds;
        loop.Poller.Forget(pidFd!);
        pidFd!.Dispose();
        pidFd = null;
        if (Kind != ProcessKind.Exec)
        {
            owner.Record(Key, new ExitRecord { Kind = Kind, ProcessId = ProcessId, Status = status.Raw, StartedAt = startedAt, ExitedAt = exitedAt, OomKills = oomKills });
            KillCgroup(); // with a container's first process the others end, also where no pid namespace of its own sees to that
        }

        FinishIfDrained();
    }

    /// <summary>The deadline of its state has passed.</summary>
    public void DeadlinePassed()
    {
        deadline = long.MaxValue;
        switch (State)
        {
            case ProcessState.Starting:
                timedOut = true;
                deadline = Clock.Ticks + KillAgainMilliseconds; // the child may not exist yet
                job?.Kill();
                break;
            case ProcessState.Running:
                timedOut = true;
                Kill();
                break;
            case ProcessState.Draining:
                outputCut = true;
                output?.Cut();
                error?.Cut();
                break;
            default:
                break;
        }
    }

    /// <summary>Sends a signal.</summary>
    /// <returns>0 or an errno(3).</returns>
    public int Signal(int signal)
    {
        if (State == ProcessState.Starting && signal != Signals.Kill) return Errno.EBUSY;
        if (State == ProcessState.Starting) Kill();
        return State == ProcessState.Starting || (State == ProcessState.Running && pidFd!.Signal(signal)) ? 0 : Errno.ESRCH;
    }

    /// <summary>Kills it and what belongs to it. No error when nothing is left.</summary>
    public void Kill()
    {
        if (State == ProcessState.Starting)
        {
            killRequested = true;
            job?.Kill();
        }

        if (State == ProcessState.Running)
        {
            // Until it is waited for nobody else can have its id, nor the group that it may lead.
            if (Kind == ProcessKind.Exec) _ = Libc.Kill(-ProcessId, Signals.Kill);
            pidFd!.Signal(Signals.Kill);
        }

        if (State != ProcessState.Exited) KillCgroup();
    }

    /// <summary>Opens the log file anew.</summary>
    /// <exception cref="SyscallException">The file cannot be opened.</exception>
    public void ReopenLog() => log?.Reopen();

    /// <summary>Our end of the standard input; null when it has none, or none any more.</summary>
    public SafeFileDescriptor? Input => input;

    /// <summary>Closes our end of the standard input.</summary>
    public void CloseInput()
    {
        input?.Dispose();
        input = null;
    }

    /// <summary>Gives memory back that is not in use.</summary>
    public void Trim()
    {
        output?.Trim();
        error?.Trim();
    }

    public ProcessDescription Describe() => new()
    {
        Key = Key,
        Kind = Kind,
        State = State,
        ProcessId = ProcessId,
        StartTicks = startTicks,
        StartedAt = startedAt,
        ExitedAt = exitedAt,
        Status = status.Raw,
        OomKills = oomKills,
        DroppedBytes = DroppedBytes,
        LogErrno = log?.LastErrno ?? 0,
    };

    public ExitNotice Notice() => new()
    {
        Key = Key,
        Kind = Kind,
        ProcessId = ProcessId,
        Status = status.Raw,
        StartedAt = startedAt,
        ExitedAt = exitedAt,
        OomKills = oomKills,
        TimedOut = timedOut,
        DroppedBytes = DroppedBytes,
        OutputCut = outputCut,
    };

    public void Dispose()
    {
        ReleaseStart();
        if (pidFd is not null)
        {
            loop.Poller.Forget(pidFd);
            pidFd.Dispose();
        }

        output?.Dispose();
        error?.Dispose();
        ReleaseRun();
    }

    private long DroppedBytes => (log?.DroppedBytes ?? 0) + (output?.DroppedBytes ?? 0) + (error?.DroppedBytes ?? 0);

    private void KillCgroup()
    {
        try
        {
            scope.Kill();
        }
        catch (SyscallException e)
        {
            loop.Faults.Add(e);
        }
    }

    private void StreamClosed() => FinishIfDrained();

    private void FinishIfDrained()
    {
        if (State != ProcessState.Draining || output is { Closed: false } || error is { Closed: false }) return;
        State = ProcessState.Exited;
        deadline = long.MaxValue;
        ReleaseRun();
        owner.Exited(this);
    }

    private void ReleaseRun()
    {
        CloseInput();
        log?.Dispose();
        oom?.Dispose();
        scope.Dispose();
    }
}
