using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Engine.Pods;

/// <summary>One container that lives in this process: its handle, its turn, and the watch for its end.</summary>
internal sealed class ContainerActor(string id, int number, PodActor pod, EngineParts parts) : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private Task _watch = Task.CompletedTask; // owned: awaited on dispose
    private DateTimeOffset? _startedAt; // of its process, as its backend says; null before

    public string Id => id;

    /// <summary>Higher than that of every container that came before it in this process.</summary>
    public int Number => number;

    public PodActor Pod => pod;

    /// <summary>Starting, updating and removing take turns; stopping does not, so that a removal cannot wait behind a grace period.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The handle; null when its backend's plugin is missing or nothing is left of it.</summary>
    public IContainer? Handle { get; private set; }

    public ContainerEntry Entry => parts.Book.Current.Containers.TryGetValue(id, out var entry)
        ? entry
        : throw RuntimeException.NotFound($"container {id} does not exist");

    /// <summary>Completes once the end is on record; fails where that could not be done, which <see cref="RepairAsync"/> tries again.</summary>
    public Task Ended => _watch;

    /// <summary>Whether the stop signal has been sent; a second stop does not send it again.</summary>
    public bool StopSignalSent { get; set; }

    public void Adopt(IContainer handle) => Handle = handle;

    /// <summary>Takes over what a recovery found of it, and watches it where it was started.</summary>
    public void Adopt(RecoveredContainer found)
    {
        Handle = found.Container;
        _startedAt = found.StartedAt;
        bool mayHaveRun = _startedAt is not null || Entry.State == ContainerState.Running || found.Container.Exit.IsCompleted; // a start may have failed unseen
        if (mayHaveRun && Entry.State is ContainerState.Created or ContainerState.Running) Watch();
    }

    /// <exception cref="RuntimeException">Nothing is left of the container that could be used.</exception>
    public IContainer RequireHandle() =>
        Handle ?? throw RuntimeException.Unavailable($"container {id} cannot be reached: its backend is not available; see `orlop plugins`");

    /// <summary>Its process runs: puts that on record, tells everyone, and watches for the end whether or not that could be done.</summary>
    public async Task RecordStartAsync(DateTimeOffset startedAt)
    {
        _startedAt = startedAt;
        try
        {
            await RecordStartAsync();
        }
        finally
        {
            Watch();
        }
    }

    /// <summary>Puts the end on record and tells everyone; the first report wins.</summary>
    public async Task RecordExitAsync(ContainerExit exit)
    {
        bool first = false;
        var entry = await pod.ChangeAsync(id, e =>
        {
            first = e.State != ContainerState.Exited;
            if (!first) return e;
            var startedAt = e.StartedAt ?? _startedAt ?? exit.At;
            // The clock may have been set back meanwhile.
            return e with { State = ContainerState.Exited, Exit = exit.At < startedAt ? exit with { At = startedAt } : exit, StartedAt = startedAt };
        });

        if (!first) return;
        PodLog.ContainerExited(parts.Logger, id, entry.Request.Name, exit.ExitCode, exit.Reason);
        pod.Publish(RuntimeEventKind.Stopped, id);
        if (entry.Spec is not { } spec) return;
        await parts.Hooks.ContainerStoppedAsync(pod.Entry.Spec, spec, exit, _closing.Token);
    }

    /// <summary>Puts on record what is known of it and could not be written down when it happened.</summary>
    public async Task RepairAsync()
    {
        if (!parts.Book.Current.Containers.TryGetValue(id, out var entry) || entry.State is not (ContainerState.Created or ContainerState.Running)) return;

        if (Handle is not { } handle)
        {
            if (pod.Sandbox is null) return; // nobody has looked for it
            string why = pod.LostReason ?? "nothing of it is left on this node; its removal was cut off";
            await RecordExitAsync(new ContainerExit(255, ExitReason.Lost, $"nobody saw how it ended: {why}", parts.Clock.GetUtcNow()));
        }
        else if (handle.Exit.IsCompletedSuccessfully)
        {
            await RecordExitAsync(await handle.Exit); // beside the watch, or where that could not
        }
        else if (_startedAt is not null)
        {
            await RecordStartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task RecordStartAsync()
    {
        bool first = false;
        await pod.ChangeAsync(id, e =>
        {
            first = e.State == ContainerState.Created;
            return first ? e with { State = ContainerState.Running, StartedAt = _startedAt } : e;
        });
        if (first) pod.Publish(RuntimeEventKind.Started, id);
    }

    private void Watch() => _watch = WatchAsync(RequireHandle());

    private async Task WatchAsync(IContainer handle)
    {
        try
        {
            await RecordExitAsync(await EndAsync(handle)); // on record before anything else can fail
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            return; // the host stops: the container runs on, and the next start finds it again
        }
        catch (Exception e)
        {
            PodLog.ExitNotRecorded(parts.Logger, id, e);
            throw; // told to who waits for the end
        }

        try
        {
            // In a PID namespace that it shares, the processes that it left behind live on until they are killed.
            await handle.KillAsync(_closing.Token);
        }
        catch (Exception e) when (!_closing.IsCancellationRequested)
        {
            PodLog.LeftBehind(parts.Logger, id, e);
        }
    }

    private async Task<ContainerExit> EndAsync(IContainer handle)
    {
        try
        {
            return await handle.Exit.WaitAsync(_closing.Token);
        }
        catch (RuntimeException e)
        {
            PodLog.WatchFailed(parts.Logger, id, e);
            return new ContainerExit(255, ExitReason.Lost, $"its end could not be observed: {e.Message}", parts.Clock.GetUtcNow());
        }
    }
}
