using System.Collections.Concurrent;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Containers;
using Orlop.Linux.Kernel;
using Orlop.Linux.Mounting;
using Orlop.Linux.Protocol;
using Orlop.Linux.Supervision;
using Orlop.Linux.Syscalls;
using Orlop.Linux.Users;

namespace Orlop.Linux.Sandboxes;

/// <summary>A pod: a supervisor in the pod's namespaces, and the containers that it runs.</summary>
internal sealed partial class LinuxSandbox : ISandbox
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, LinuxContainer> _containers = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SemaphoreSlim Turn { get; } = new(1, 1); // stop and removal exclude each other
    private SandboxRecordFile _record;
    private IReadOnlyList<string> _recorded = []; // containers that the host knew when it was started; the pod's folder may have lost them
    private int _initProcessId; // of the shared pid namespace; 0 without one
    private Task _watching = Task.CompletedTask; // of the supervisor's end
    private readonly Lock _pinGate = new(); // of the repair of its pin
    private volatile bool _stopping; // the supervisor's end is wanted

    private LinuxSandbox(SandboxSpec spec, BackendParts parts, SandboxRecordFile record)
    {
        Spec = spec;
        Parts = parts;
        _record = record;
        Folder = new StateFolder(StateFolder.PathOf(parts.PodsFolder, spec.Id));
    }

    /// <summary>A pod that cannot be taken up, but removed.</summary>
    public static LinuxSandbox Lost(SandboxRecord known, BackendParts parts) =>
        new(known.Spec, parts, SandboxRemains.Guess(parts, known.Spec)) { _recorded = [.. known.Containers.Select(container => container.Id)] };

    public string Id => Spec.Id;

    public SandboxSpec Spec { get; }

    public BackendParts Parts { get; }

    public StateFolder Folder { get; }

    /// <summary>The connection to the supervisor; null once it was stopped.</summary>
    public SupervisorClient? Client { get; private set; }

    Task<string> ISandbox.Lost => _lost.Task;

    /// <inheritdoc/>
    /// <remarks>Whoever asks will use it: a pin that somebody took away is made anew, as long as the namespace lives.</remarks>
    public string? NetworkNamespace
    {
        get
        {
            if (Spec.Network != NamespaceMode.Pod) return null;
            if (Client is { Closed.IsCompleted: false }) RepairPin();
            return NetworkPin.PathOf(Id);
        }
    }

    public IReadOnlyList<LinuxNamespace> Namespaces { get; private set; } = [];

    public IReadOnlyList<Mount> SharedMounts { get; private set; } = [];

    /// <summary>The source by which containers name the pod's own shared memory; null when they use the node's.</summary>
    public string? SharedMemorySource => Spec.Ipc == NamespaceMode.Pod && _record.SupervisorProcessId > 0
        ? $"/proc/{_record.SupervisorProcessId}/root{PodRoot.SharedMemory}"
        : null;

    public int SupervisorProcessId => _record.SupervisorProcessId;

    public SupervisorClient RequireClient() => Client is { } client && !_stopping && !client.Closed.IsCompleted
        ? client
        : throw RuntimeException.FailedPrecondition($"pod {Spec.Namespace}/{Spec.Name} ({Id}) is stopped.");

    public async Task<IContainer> CreateContainerAsync(ContainerSpec spec, IPhase phase, CancellationToken cancellationToken)
    {
        RequireClient();
        if (_containers.ContainsKey(spec.Id)) throw new RuntimeException(ErrorKind.AlreadyExists, $"container {spec.Id} exists already.");
        SafeFileDescriptor root;
        ResolvedUser user;
        using (phase.Begin("rootfs"))
        {
            root = RootfsMounter.Mount(spec.Rootfs);
            user = FindUser(spec, root);
        }
        Cgroup cgroup = LinuxContainer.CgroupOf(this, spec.Id);
        PreparedContainer? prepared = null;
        try
        {
            Folder.Write(ContainerRecord.Of(spec.Id, user)); // before its cgroup: whatever is made can be found (R6)
            prepared = await Parts.Preparer.PrepareAsync(spec, root, user.User, cgroup, this, phase, cancellationToken);
            ContainerEnvironment.Complete(spec.Oci.Process!.Env, user.Home); // refuses what cannot be an environment
            var container = new LinuxContainer(this, spec, user, prepared);
            _containers[spec.Id] = container;
            return container;
        }
        catch (Exception e)
        {
            root.Dispose();
            prepared?.Dispose();
            await TakeBackAsync(Parts, $"container {spec.Name} ({spec.Id})", async () =>
            {
                await cgroup.RemoveAsync(Parts.Time, CancellationToken.None);
                Folder.RemoveContainer(spec.Id);
            });
            if (e is SyscallException failed) throw KernelErrors.Translate($"create container {spec.Name}", failed);
            throw;
        }
    }

    /// <summary>Prepares a container anew that was found again before its start.</summary>
    public async Task<PreparedContainer> PrepareAsync(ContainerSpec spec, ResolvedUser user, IPhase phase, CancellationToken cancellationToken) =>
        await Parts.Preparer.PrepareAsync(spec, RootfsMounter.Mount(spec.Rootfs), user.User, LinuxContainer.CgroupOf(this, spec.Id), this, phase, cancellationToken);

    public async Task StopAsync(IPhase phase, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            await KernelErrors.GuardAsync($"stop pod {Spec.Name}", () => StopSupervisorAsync(phase, cancellationToken));
        }
        finally
        {
            Turn.Release();
        }
    }

    public async Task RemoveAsync(IPhase phase, CancellationToken cancellationToken)
    {
        await StopAsync(phase, cancellationToken);
        foreach (LinuxContainer container in _containers.Values) await container.RemoveAsync(phase, cancellationToken);
        await Turn.WaitAsync(cancellationToken);
        try
        {
            using IPhase release = phase.Begin("release");
            await KernelErrors.GuardAsync($"remove pod {Spec.Name}", () => SandboxRemains.RemoveAsync(Parts, _record, _recorded, cancellationToken));
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>Drops a container that is removed.</summary>
    public void Forget(LinuxContainer container) => _containers.TryRemove(new KeyValuePair<string, LinuxContainer>(container.Id, container));

    /// <summary>Closes the connection; the pod goes on.</summary>
    public async Task DetachAsync()
    {
        if (Client is { } client) await client.DisposeAsync();
        await _watching;
    }

    private static ResolvedUser FindUser(ContainerSpec spec, SafeFileDescriptor root)
    {
        try
        {
            return ContainerPreparer.FindUser(root, spec.User);
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    private async Task StopSupervisorAsync(IPhase phase, CancellationToken cancellationToken)
    {
        if (Client is not { } client)
        {
            await SandboxRemains.KillAsync(Parts, _record, _recorded, cancellationToken); // lost: what could not be ended then
            return;
        }
        using IPhase stop = phase.Begin("supervisor");
        if (!client.Closed.IsCompleted)
        {
            await InsistAsync(client.RequestAsync(MessageKind.Kill, "", cancellationToken), cancellationToken);
            stop.Note("waits for the containers to die");
            await Task.WhenAll(_containers.Values.Where(container => container.ProcessId is not null).Select(container => container.Exit))
                .WaitAsync(StopDeadline, Parts.Time, cancellationToken);
            MarkStopped();
            _stopping = true;
            stop.Note($"waits for supervisor {SupervisorProcessId} to end");
            await client.ShutdownAsync(cancellationToken);
        }
        _stopping = true;
        await _watching;
        await SandboxRemains.KillAsync(Parts, _record, _recorded, cancellationToken); // what a supervisor that was killed leaves runs on
        foreach (LinuxContainer container in _containers.Values) container.OnLost("it was started while its pod was stopped"); // those whose end we know are left alone
        await client.DisposeAsync();
        Client = null;
    }

    /// <summary>A full disk keeps no pod from being stopped: without the mark, a start of the daemon finds the pod lost instead of stopped.</summary>
    private void MarkStopped()
    {
        _record = _record with { Stopped = true };
        try
        {
            Folder.Write(_record);
        }
        catch (SyscallException e)
        {
            SandboxLog.NotRecorded(Parts.Logger, Id, "stop", e.Message);
        }
    }

    private void OnExit(ExitNotice notice)
    {
        if (_containers.TryGetValue(notice.Key, out LinuxContainer? container)) container.OnExited(notice);
    }

    /// <summary>Waits for the supervisor's end, wanted or not.</summary>
    private async Task WatchAsync(SupervisorClient client)
    {
        string reason = await client.Closed;
        try
        {
            Parts.Stopping.ThrowIfCancellationRequested();
            if (!_stopping && await ReconnectAsync(Parts.Stopping) is null) return; // it lives, the connection was cut
            await SupervisorSpawner.ReapAsync(SupervisorProcessId, Parts.Time, Parts.Stopping);
        }
        catch (OperationCanceledException)
        {
            return; // we leave, whatever becomes of it
        }
        catch (Exception e) when (e is RuntimeException or SyscallException or IOException)
        {
            SandboxLog.RecoveryFailed(Parts.Logger, Id, e.Message);
        }
        if (_stopping) return;
        SandboxLog.Lost(Parts.Logger, Id, reason);
        _lost.TrySetResult($"supervisor {SupervisorProcessId} ended unexpectedly: {reason}");
    }

    private void Describe(int initProcessId)
    {
        _initProcessId = initProcessId;
        var namespaces = new List<LinuxNamespace>();
        if (Spec.Network == NamespaceMode.Pod) namespaces.Add(new LinuxNamespace { Type = "network", Path = NetworkPin.PathOf(Id) });
        if (Spec.Ipc == NamespaceMode.Pod) namespaces.Add(new LinuxNamespace { Type = "ipc", Path = $"/proc/{SupervisorProcessId}/ns/ipc" });
        if (HasHostname(Spec)) namespaces.Add(new LinuxNamespace { Type = "uts", Path = $"/proc/{SupervisorProcessId}/ns/uts" });
        if (_initProcessId > 0) namespaces.Add(new LinuxNamespace { Type = "pid", Path = $"/proc/{_initProcessId}/ns/pid" });
        Namespaces = namespaces;
        SharedMounts =
        [
            File("/etc/hosts", "hosts"), File("/etc/hostname", "hostname"), File("/etc/resolv.conf", "resolv.conf"),
            new Mount { Destination = "/dev/shm", Type = "bind", Source = SharedMemorySource ?? "/dev/shm", Options = ["bind", "rprivate", "nosuid", "nodev", "noexec"] },
        ];

        Mount File(string destination, string name) => new() { Destination = destination, Type = "bind", Source = $"{Folder.Files}/{name}", Options = ["bind", "rprivate", "rw"] };
    }

    /// <summary>A pod in the node's network without a name of its own is called as the node is.</summary>
    private static bool HasHostname(SandboxSpec spec) => spec.Network == NamespaceMode.Pod || spec.Hostname.Length > 0;
}
