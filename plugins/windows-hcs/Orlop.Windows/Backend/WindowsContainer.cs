using System.Text.Json;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Windows.Compute;
using Orlop.Windows.Documents;
using Orlop.Windows.Interop;
using Orlop.Windows.Logs;
using Orlop.Windows.Planning;

namespace Orlop.Windows.Backend;

/// <summary>A container: one compute system, and one first process in it. When that ends, the system is ended with all that it left behind.</summary>
internal sealed partial class WindowsContainer : IContainer, IAsyncDisposable
{
    private readonly BackendParts _parts;
    private readonly ContainerSpec _spec;
    private readonly CallTracker _calls;
    private readonly SemaphoreSlim _gate = new(1); // start and removal
    private readonly TaskCompletionSource<ContainerExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ContainerState _state;
    private TrackedSystem? _system;   // null once its end is known after a restart
    private TrackedProcess? _process; // null before the start, and when it was gone after a restart
    private LogFile? _log;
    private Task _supervision = Task.CompletedTask; // never fails
    private bool _removed;

    private WindowsContainer(BackendParts parts, ContainerSpec spec, ContainerState state)
    {
        _parts = parts;
        _spec = spec;
        _state = state;
        _calls = new CallTracker($"container {spec.Name}");
    }

    /// <inheritdoc/>
    public string Id => _spec.Id;

    /// <inheritdoc/>
    public ContainerUser? User => null; // Windows knows users by name, and only inside the container

    /// <inheritdoc/>
    public int? ProcessId => IsRunning ? (int)_process!.ProcessId : null;

    /// <summary>Called once it is removed; its sandbox forgets it.</summary>
    public Action<string> Removed { private get; set; } = _ => { };

    /// <inheritdoc/>
    public Task<ContainerExit> Exit => _exit.Task;

    private bool IsRunning => _process is { Exited.IsCompleted: false } && !_exit.Task.IsCompleted;

    /// <summary>Mounts the root file system and creates the compute system; releases both when that fails.</summary>
    public static async Task<WindowsContainer> CreateAsync(BackendParts parts, ContainerSpec spec, SandboxSpec sandbox, Guid networkNamespace, IPhase phase, CancellationToken cancellationToken)
    {
        if (spec.ImageVolumes.Count > 0)
        {
            throw new RuntimeException(
                ErrorKind.Unimplemented, $"ImageVolumeMountFailed: container \"{spec.Name}\": windows-hcs mounts no images as volumes yet; copy what \"{spec.ImageVolumes[0].Destination}\" needs into the container's image");
        }

        var rootfs = Rootfs.Read(spec.Rootfs);
        _ = ProcessPlanner.Plan(RequireProcess(spec), spec.User, spec.Stdin); // what can be wrong with it is said before anything exists
        var container = new WindowsContainer(parts, spec, new ContainerState { SandboxId = spec.SandboxId, Scratch = rootfs.Scratch });
        await parts.Records.PutAsync(spec.Id, container._state);
        try
        {
            await container.PrepareAsync(rootfs, sandbox, networkNamespace, phase, cancellationToken);
            return container;
        }
        catch (Exception error)
        {
            await container.UndoAsync();
            if (error is HcsException hcs) throw hcs.Translate($"container {spec.Name}: cannot be created");
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset> StartAsync(IPhase phase, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_removed || _system is null || _process is not null || _exit.Task.IsCompleted) throw RuntimeException.FailedPrecondition($"container {_spec.Name} was started already");
            return await LaunchAsync(_system, phase);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public Task ReopenLogAsync(CancellationToken cancellationToken) => _log?.ReopenAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async Task RemoveAsync(IPhase phase, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_removed) return;
            phase.Note($"compute system {Id}");
            await EndAsync(cancellationToken);
            await DisposeAsync();
            phase.Note($"layers {_state.Scratch}");
            await _parts.Layers.UnmountAsync(_state.Scratch);
            await _parts.Records.DeleteContainerAsync(Id);
            _removed = true;
            Removed(Id);
        }
        catch (HcsException e)
        {
            throw e.Translate($"container {_spec.Name}: cannot be removed");
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends what runs: politely for a moment, then not.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_system is { Exited.IsCompleted: false } system) await CallAsync(() => _parts.Stop.ShutDownAsync(system, cancellationToken));
            await _supervision.WaitAsync(cancellationToken);
        }
        catch (HcsException e)
        {
            throw e.Translate($"container {_spec.Name}: cannot be stopped");
        }
    }

    /// <summary>What it uses now; null when it does not run.</summary>
    public async Task<ResourceUsage?> MeasureAsync()
    {
        if (!IsRunning || _system is not { } system) return null;
        try
        {
            var statistics = (await _calls.RunAsync(() => system.PropertiesAsync("Statistics"))).Statistics;
            return new ResourceUsage
            {
                CpuNanoseconds = statistics?.Processor?.TotalRuntime100ns * 100,
                WorkingSetBytes = statistics?.Memory?.MemoryUsagePrivateWorkingSetBytes,
                MemoryBytes = statistics?.Memory?.MemoryUsageCommitBytes,
            };
        }
        catch (Exception e) when (e is HcsException or RuntimeException)
        {
            _parts.Logger.NotMeasured(Id, e); // it ended while it was asked
            return null;
        }
    }

    private static Abstractions.Oci.Runtime.Process RequireProcess(ContainerSpec spec) =>
        spec.Oci.Process ?? throw RuntimeException.InvalidArgument($"container {spec.Name}: its spec has no process");

    private async Task PrepareAsync(Rootfs rootfs, SandboxSpec sandbox, Guid networkNamespace, IPhase phase, CancellationToken cancellationToken)
    {
        phase.Note($"layers {rootfs.Scratch}");
        var mounted = await _parts.Layers.MountAsync(rootfs.Scratch, rootfs.Layers);
        cancellationToken.ThrowIfCancellationRequested();
        var oci = string.IsNullOrEmpty(_spec.Oci.Hostname) ? _spec.Oci with { Hostname = sandbox.Hostname } : _spec.Oci;
        var document = _parts.Planner.Plan(Id, _parts.Settings.Owner, oci, mounted, networkNamespace);
        phase.Note($"compute system {Id}");
        _system = await TrackedSystem.TrackAsync(await _parts.Compute.CreateSystemAsync(Id, JsonSerializer.Serialize(document, HcsJson.Default.ComputeSystemDocument)));
        if (_spec.LogPath is { } path) _log = new LogFile(path);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private Task CallAsync(Func<Task> call) => _calls.RunAsync(async () =>
    {
        await call();
        return true;
    });

    private async Task UndoAsync()
    {
        try
        {
            await EndAsync(CancellationToken.None);
            await DisposeAsync();
            await _parts.Layers.UnmountAsync(_state.Scratch);
            await _parts.Records.DeleteContainerAsync(Id);
        }
        catch (Exception e)
        {
            _parts.Logger.UndoFailed("Container", Id, e); // the first error is the one to tell; the record stays for recovery
        }
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_system is { } system) await _parts.Stop.TerminateAsync(system, cancellationToken);
        if (_process is not { } process) return;

        // The exit comes with the system's end; where it does not, the process's end is unknown.
        if (!await _parts.Stop.WithinAsync(process.Exited, StopPolicy.KillPatience, cancellationToken)) process.GiveUp();
        await _supervision.WaitAsync(cancellationToken);
    }

    /// <summary>Closes the handles, once the last call on them has ended. What they stand for goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _calls.CloseAsync();
        _process?.Dispose();
        _system?.Dispose();
        if (_log is not null) await _log.DisposeAsync();
    }
}
