using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Kernel;
using Orlop.Linux.Programs;
using Orlop.Linux.Protocol;
using Orlop.Linux.Sandboxes;
using Orlop.Linux.Supervision;
using Orlop.Linux.Syscalls;
using Orlop.Linux.Users;

namespace Orlop.Linux.Containers;

/// <summary>A container: its process is the supervisor's child, everything else about it is decided here.</summary>
internal sealed partial class LinuxContainer : IContainer, IUpdateResources
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60); // a mount in its program may hang
    private readonly LinuxSandbox _sandbox;
    private readonly ContainerSpec _spec;
    private readonly ResolvedUser _user;
    private readonly Cgroup _cgroup;
    private readonly TaskCompletionSource<ContainerExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SemaphoreSlim Turn { get; } = new(1, 1); // start and removal exclude each other
    private readonly Lock _gate = new();
    private State _state; // under _gate
    private int _processId; // under _gate
    private PreparedContainer? _prepared; // under Turn; null for one that was found again
    private Task _cleanup = Task.CompletedTask; // of the cgroup, after the end; under _gate

    private enum State
    {
        Created,
        Starting,
        Running,
        Exited,
    }

    public LinuxContainer(LinuxSandbox sandbox, ContainerSpec spec, ResolvedUser user, PreparedContainer? prepared)
    {
        _sandbox = sandbox;
        _spec = spec;
        _user = user;
        _prepared = prepared;
        _cgroup = CgroupOf(sandbox, spec.Id);
    }

    public string Id => _spec.Id;

    public ContainerUser User => _user.User;

    public Task<ContainerExit> Exit => _exit.Task;

    public int? ProcessId
    {
        get
        {
            lock (_gate) return _state == State.Running ? _processId : null;
        }
    }

    private bool IsFiltered => _spec.Oci.Linux?.Seccomp is not null;

    /// <summary>When it was started, as the supervisor says; null when it never was.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    public static Cgroup CgroupOf(LinuxSandbox sandbox, string id) => new(sandbox.Parts.Cgroups, CgroupPath.OfContainer(sandbox.Spec, id));

    public async Task<DateTimeOffset> StartAsync(IPhase phase, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            lock (_gate)
            {
                if (_state != State.Created) throw RuntimeException.FailedPrecondition($"container {_spec.Name} ({Id}) was started already.");
                _state = State.Starting;
            }
            try
            {
                return await LaunchAsync(phase, cancellationToken);
            }
            catch (Exception e) when (e is RuntimeException or SyscallException)
            {
                var failure = new RuntimeException((e as RuntimeException)?.Kind ?? ErrorKind.Internal, $"container \"{_spec.Name}\": cannot start: {e.Message}", e);
                FailStart(failure.Message);
                throw failure;
            }
            catch
            {
                lock (_gate)
                    if (_state == State.Starting) _state = State.Created; // cancelled before anything was made
                throw;
            }
        }
        finally
        {
            Turn.Release();
        }
    }

    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        int number = Signals.Parse(signal);
        if (number == 0) throw RuntimeException.InvalidArgument($"unknown signal '{signal}'; use a name of signal(7) or a number from 1 to {Signals.RealTimeMax}.");
        if (ProcessId is not null && _sandbox.Client is { } client) await _sandbox.InsistAsync(client.SignalAsync(Id, number, cancellationToken), cancellationToken);
    }

    public Task KillAsync(CancellationToken cancellationToken) => KernelErrors.GuardAsync($"kill container {_spec.Name}", async () =>
    {
        if (ProcessId is null) return;
        if (_sandbox.Client is { } client && !client.Closed.IsCompleted) await _sandbox.InsistAsync(client.RequestAsync(MessageKind.Kill, Id, cancellationToken), cancellationToken);
        else _cgroup.Kill();
    });

    public Task ReopenLogAsync(CancellationToken cancellationToken)
    {
        if (ProcessId is null) throw RuntimeException.FailedPrecondition($"container {_spec.Name} ({Id}) does not run: nothing writes to its log.");
        return _sandbox.AskAsync(_sandbox.RequireClient().RequestAsync(MessageKind.ReopenLog, Id, cancellationToken), cancellationToken);
    }

    public Task UpdateResourcesAsync(Resources resources, CancellationToken cancellationToken) => KernelErrors.GuardAsync($"update container {_spec.Name}", () =>
    {
        lock (_gate)
            if (_state == State.Exited) throw RuntimeException.FailedPrecondition($"container {_spec.Name} ({Id}) has ended; its limits cannot change.");
        if (resources.Memory is { Limit: > 0 } memory && _cgroup.WorkingSet() is { } used && used > (ulong)memory.Limit)
            throw RuntimeException.FailedPrecondition($"container {_spec.Name}: memory limit {memory.Limit} is below the {used} bytes in use; free memory first.");
        _cgroup.Apply(resources);
        return Task.CompletedTask;
    });

    public async Task RemoveAsync(IPhase phase, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            if (ProcessId is not null)
            {
                await KillAsync(cancellationToken);
                using (phase.Begin("kill")) await Exit.WaitAsync(cancellationToken);
            }
            _prepared?.Dispose();
            _prepared = null;
            Task cleanup;
            lock (_gate)
            {
                _state = State.Exited;
                cleanup = _cleanup;
            }
            await cleanup;
            await KernelErrors.GuardAsync($"remove container {_spec.Name}", () => ReleaseAsync(phase, cancellationToken));
        }
        finally
        {
            Turn.Release();
        }
    }

    private async Task ReleaseAsync(IPhase phase, CancellationToken cancellationToken)
    {
        using (phase.Begin("cgroup")) await _cgroup.RemoveAsync(_sandbox.Parts.Time, cancellationToken);
        if (_sandbox.Client is { } client && !client.Closed.IsCompleted) await _sandbox.AskAsync(client.RequestAsync(MessageKind.Forget, Id, cancellationToken), cancellationToken);
        _sandbox.Folder.RemoveContainer(Id);
        _sandbox.Forget(this);
    }

    public ResourceUsage? Measure() => ProcessId is null ? null : _cgroup.Measure();

    /// <summary>The supervisor says that the process has ended.</summary>
    public void OnExited(ExitNotice notice)
    {
        StartedAt ??= ContainerExits.At(notice.StartedAt);
        Complete(ContainerExits.From(notice, IsFiltered));
    }

    /// <summary>Nobody can say any more how it ended: its supervisor is gone, and so is it now.</summary>
    public void OnLost(string reason)
    {
        lock (_gate)
            if (_state is State.Exited or State.Created) return;
        if (_sandbox.Folder.ReadExit(Id) is { } record) Complete(ContainerExits.From(record, IsFiltered));
        else Complete(ContainerExits.Lost(reason, _sandbox.Parts.Time.GetUtcNow()));
    }

    /// <summary>Takes up a container of a pod that is gone.</summary>
    public void MarkLost(string reason) => Complete(ContainerExits.Lost(reason, _sandbox.Parts.Time.GetUtcNow()));

    /// <summary>Takes up a process that runs under the supervisor already, or has ended.</summary>
    public void Adopt(ProcessDescription process)
    {
        StartedAt = ContainerExits.At(process.StartedAt);
        lock (_gate)
        {
            if (_state == State.Exited) return; // told meanwhile
            _state = State.Running;
            _processId = process.ProcessId;
        }
        if (process.State == ProcessState.Exited)
            Complete(ContainerExits.From(new ExitRecord { Status = process.Status, OomKills = process.OomKills, ExitedAt = process.ExitedAt }, IsFiltered));
    }

    /// <summary>Takes up a container whose end is on record.</summary>
    public void Adopt(ExitRecord record)
    {
        StartedAt = ContainerExits.At(record.StartedAt);
        Complete(ContainerExits.From(record, IsFiltered));
    }

    /// <summary>Takes up a container that could not be started.</summary>
    public void AdoptStartFailure(ContainerRecord record) =>
        Complete(ContainerExits.StartFailed(record.StartFailure ?? "", ContainerExits.At(record.StartFailedAt)));

    private async Task<DateTimeOffset> LaunchAsync(IPhase phase, CancellationToken cancellationToken)
    {
        SupervisorClient client = _sandbox.RequireClient();
        if (_prepared is { } old && !_cgroup.Exists)
        {
            // Somebody removed it, empty as it was: what was prepared leads nowhere.
            old.Dispose();
            _prepared = null;
        }
        using PreparedContainer prepared = _prepared ?? await _sandbox.PrepareAsync(_spec, _user, phase, cancellationToken);
        _prepared = null;

        Process process = _spec.Oci.Process!;
        IReadOnlyList<string> environment = ContainerEnvironment.Complete(process.Env, _user.Home);
        CommandPlan command = new CommandResolver(prepared.Plan.Root, prepared.Volumes).Resolve(process.Args, environment, prepared.Plan.WorkingDirectory);
        var builder = new SyscallProgramBuilder();
        using CgroupEntrance entrance = _cgroup.OpenEntrance(_sandbox.SupervisorProcessId);
        ContainerProgram.Build(builder, prepared.Plan, entrance, command);

        using SafeFileDescriptor? oom = _cgroup.OpenOomEvents(), kill = _cgroup.OpenKill();
        using SafeFileDescriptor processes = _cgroup.OpenProcesses();
        var request = new LaunchRequest
        {
            Key = Id,
            Kind = ProcessKind.Container,
            CloneFlags = (int)prepared.Plan.Namespaces.Cloned,
            PidNamespaceDescriptor = prepared.Plan.PidNamespace is { } pid ? builder.DescriptorIndex(pid) : -1,
            Input = _spec.Stdin ? InputMode.Pipe : InputMode.Null,
            Output = prepared.LogFolder is null ? OutputMode.Discard : OutputMode.Log,
            LogFolderDescriptor = prepared.LogFolder is { } folder ? builder.DescriptorIndex(folder) : -1,
            LogName = _spec.LogPath is { } log ? Path.GetFileName(log) : "",
            OomDescriptor = oom is null ? -1 : builder.DescriptorIndex(oom),
            CgroupKillDescriptor = kill is null ? -1 : builder.DescriptorIndex(kill),
            CgroupProcsDescriptor = builder.DescriptorIndex(processes),
            TerminalDescriptor = prepared.Plan.Terminal is { } terminal ? builder.DescriptorIndex(terminal.Master) : -1,
            CgroupDescriptor = entrance.Folder is { } cgroup ? builder.DescriptorIndex(cgroup) : -1,
            EntranceDescriptor = entrance.Folder is null ? -1 : builder.DescriptorIndex(entrance.Files[0]),
            StartTimeoutMilliseconds = (int)StartLimit.TotalMilliseconds,
            Program = ReadOnlyMemory<byte>.Empty,
        };
        SyscallProgram program = builder.Build();
        request = request with { Program = program.Blob };
        using IPhase launch = phase.Begin("launch");
        try
        {
            // Not cancelled half-way: the supervisor's own timeout ends it.
            LaunchedReply launched = await _sandbox.AwaitStartAsync(client.LaunchAsync(request, program, CancellationToken.None), StartLimit);
            return OnLaunched(launched);
        }
        catch (SupervisorException e) when (e.Operation >= 0)
        {
            string label = program.Label(e.Operation);
            throw label.StartsWith("execve ", StringComparison.Ordinal)
                ? CommandResolver.Explain(e.Errno, process.Args[0], environment)
                : RootView.Explain(label, e.Errno) ?? new RuntimeException(e.Errno == Errno.ENAMETOOLONG ? ErrorKind.InvalidArgument : ErrorKind.Internal, program.Describe(e.Operation, e.Errno), e);
        }
    }

    private DateTimeOffset OnLaunched(LaunchedReply launched)
    {
        StartedAt = ContainerExits.At(launched.StartedAt);
        lock (_gate)
        {
            if (_state == State.Starting) _state = State.Running; // its end may have been told already
            _processId = launched.ProcessId;
        }
        return StartedAt.Value;
    }

    private void FailStart(string message)
    {
        ContainerExit exit = ContainerExits.StartFailed(message, _sandbox.Parts.Time.GetUtcNow());
        try
        {
            _sandbox.Folder.Write(ContainerRecord.Of(Id, _user) with { StartFailure = message, StartFailedAt = ContainerExits.Nanoseconds(exit.At) });
        }
        catch (SyscallException e)
        {
            SandboxLog.NotRecorded(_sandbox.Parts.Logger, _sandbox.Id, $"container {Id}: why it could not be started", e.Message); // it has failed nevertheless
        }
        Complete(exit);
    }

    private void Complete(ContainerExit exit)
    {
        lock (_gate)
        {
            if (_state == State.Exited && _exit.Task.IsCompleted) return;
            _state = State.Exited;
            _cleanup = Task.Run(CleanUpAsync, CancellationToken.None);
        }
        _exit.TrySetResult(exit);
    }

    /// <summary>What the process left in its cgroup outlives it only where it shares the pid namespace of others; nobody waits for that.</summary>
    private async Task CleanUpAsync()
    {
        try
        {
            await _cgroup.RemoveAsync(_sandbox.Parts.Time, _sandbox.Parts.Stopping);
        }
        catch (Exception e) when (e is RuntimeException or SyscallException or OperationCanceledException)
        {
            ContainerLog.CgroupRemains(_sandbox.Parts.Logger, Id, e.Message); // the removal of the container tries again
        }
    }
}
