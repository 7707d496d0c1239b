using System.Text.Json;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Windows.Compute;
using Orlop.Windows.Documents;
using Orlop.Windows.Interop;
using Orlop.Windows.Logs;
using Orlop.Windows.Planning;

namespace Orlop.Windows.Backend;

internal sealed partial class WindowsContainer
{
    private const int StartFailedCode = 128;
    private const int UnknownCode = 255;

    // How long output may follow a process's end: what it started may hold its pipes for ever.
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(1);

    /// <summary>Finds a container again after a restart of the host.</summary>
    public static async Task<RecoveredContainer> RecoverAsync(BackendParts parts, ContainerSpec spec, ContainerState state)
    {
        var container = new WindowsContainer(parts, spec, state);
        await container.FindSystemAsync();
        if (state.Exit is { } exit) container._exit.TrySetResult(exit);
        else if (container._system is null or { Exited.IsCompleted: true }) await container.FinishAsync(LostExit("its compute system ended while the daemon was away", parts.Time.GetUtcNow()));
        else if (state.ProcessId is { } processId) await container.FindProcessAsync(container._system, processId);
        else await container.FindUnstartedAsync(container._system);
        return new RecoveredContainer(container, state.StartedAt);
    }

    private async Task<DateTimeOffset> LaunchAsync(TrackedSystem system, IPhase phase)
    {
        var document = ProcessPlanner.Plan(RequireProcess(_spec), _spec.User, _spec.Stdin);
        try
        {
            phase.Note($"compute system {Id}");
            await system.Native.StartAsync();
            phase.Note($"command {document.CommandLine}");
            var process = await TrackedProcess.TrackAsync(await system.Native.CreateProcessAsync(JsonSerializer.Serialize(document, HcsJson.Default.ProcessDocument)));
            _process = process;
            var startedAt = _parts.Time.GetUtcNow();
            _supervision = SuperviseAsync(process, system, Pumps(process.Native));
            _state = _state with { ProcessId = process.ProcessId, StartedAt = startedAt };
            await _parts.Records.PutAsync(Id, _state);
            return startedAt;
        }
        catch (Exception error)
        {
            string message = $"container {_spec.Name}: cannot start \"{document.CommandLine}\"";
            await FailStartAsync(system, $"{message}: {error.Message}");
            if (error is HcsException hcs) throw hcs.Translate(message);
            throw;
        }
    }

    private async Task FailStartAsync(TrackedSystem system, string message)
    {
        await EndSystemAsync(system);
        await FinishAsync(new ContainerExit(StartFailedCode, ExitReason.StartFailed, message, _parts.Time.GetUtcNow()));
    }

    private OutputPumps Pumps(IComputeProcess process) => new(
        [
            .. Pump(process.StandardOutput, isStandardError: false),
            .. Pump(process.StandardError, isStandardError: true),
        ],
        _parts.Stop);

    private IEnumerable<LogPump> Pump(Stream? stream, bool isStandardError) =>
        stream is null ? [] : [new LogPump(stream, new CriLineFormatter(isStandardError), _log, _parts.Time, _parts.Logger)];

    private async Task SuperviseAsync(TrackedProcess process, TrackedSystem system, OutputPumps? pumps)
    {
        await Task.WhenAny(process.Exited, system.Exited);
        if (!await _parts.Stop.WithinAsync(process.Exited, DrainPatience, CancellationToken.None)) process.GiveUp(); // its event is lost
        var end = await process.Exited;
        var at = _parts.Time.GetUtcNow();
        if (pumps is not null) await pumps.DrainAsync(DrainPatience);
        await EndSystemAsync(system);
        if (pumps is not null)
        {
            await pumps.StopAsync(DrainPatience);
            pumps.Dispose();
        }

        await FinishAsync(end.ExitCode is { } code
            ? new ContainerExit(unchecked((int)code), code == 0 ? ExitReason.Completed : ExitReason.Error, "", at)
            : LostExit("the compute service went away while it ran", at));
    }

    private async Task EndSystemAsync(TrackedSystem system)
    {
        try
        {
            await _parts.Stop.TerminateAsync(system, CancellationToken.None);
        }
        catch (Exception e)
        {
            _parts.Logger.EndFailed(Id, e); // removal tries again, and tells
        }
    }

    private async Task FinishAsync(ContainerExit exit)
    {
        try
        {
            _state = _state with { Exit = exit };
            await _parts.Records.PutAsync(Id, _state);
        }
        catch (Exception e)
        {
            _parts.Logger.RecordFailed(Id, e); // the exit is told all the same; only a restart would forget it
        }

        _exit.TrySetResult(exit);
    }

    private async Task FindSystemAsync()
    {
        try
        {
            _system = await TrackedSystem.TrackAsync(await _parts.Compute.OpenSystemAsync(Id));
        }
        catch (HcsException e) when (e.Error is HcsError.NotFound or HcsError.AlreadyStopped)
        {
            _system = null;
        }
    }

    // A system that runs without a process that we know of was being started when the daemon ended, and nobody was told that it was.
    private async Task FindUnstartedAsync(TrackedSystem system)
    {
        if ((await system.PropertiesAsync()).State == TrackedSystem.Created)
        {
            if (_spec.LogPath is { } path) _log = new LogFile(path);
            return;
        }

        await EndSystemAsync(system);
        await FinishAsync(LostExit("the daemon ended while it was being started", _parts.Time.GetUtcNow()));
    }

    // The exit code of a process that ended while nobody held a handle on it is gone.
    private async Task FindProcessAsync(TrackedSystem system, uint processId)
    {
        try
        {
            var process = await TrackedProcess.TrackAsync(await system.Native.OpenProcessAsync(processId));
            _process = process;
            _supervision = SuperviseAsync(process, system, pumps: null);
            if (!process.Exited.IsCompleted) _parts.Logger.OutputLost(Id);
        }
        catch (HcsException e) when (e.Error is HcsError.NotFound or HcsError.AlreadyStopped)
        {
            await EndSystemAsync(system);
            await FinishAsync(LostExit("its first process ended while the daemon was away", _parts.Time.GetUtcNow()));
        }
    }

    private static ContainerExit LostExit(string why, DateTimeOffset at) => new(UnknownCode, ExitReason.Lost, $"how it ended is unknown: {why}", at);
}
