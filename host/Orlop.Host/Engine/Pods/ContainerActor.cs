using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Engine.Pods;

/// <summary>One container that lives in this process: its handle, its turn, and the watch for its end.</summary>
internal sealed class ContainerActor(string id, PodActor pod, EngineParts parts) : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private Task _watch = Task.CompletedTask; // owned: awaited on dispose

    public string Id => id;

    public PodActor Pod => pod;

    /// <summary>Starting, updating and removing take turns; stopping does not, so that a removal cannot wait behind a grace period.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The handle; null when its backend's plugin is missing or nothing is left of it.</summary>
    public IContainer? Handle { get; private set; }

    public ContainerEntry Entry => parts.Book.Current.Containers.TryGetValue(id, out var entry)
        ? entry
        : throw RuntimeException.NotFound($"container {id} does not exist");

    /// <summary>Completes once the container's end is on record.</summary>
    public Task Ended => _watch;

    /// <summary>Whether the stop signal has been sent; a second stop does not send it again.</summary>
    public bool StopSignalSent { get; set; }

    public void Adopt(IContainer handle) => Handle = handle;

    /// <summary>Watches for the end of the process that runs now.</summary>
    public void Watch() => _watch = WatchAsync();

    /// <exception cref="RuntimeException">Nothing is left of the container that could be used.</exception>
    public IContainer RequireHandle() =>
        Handle ?? throw RuntimeException.Unavailable($"container {id} cannot be reached: its backend is not available; see `orlop plugins`");

    /// <summary>Puts the end on record and tells everyone; the first report wins.</summary>
    public async Task RecordExitAsync(ContainerExit exit)
    {
        bool first = false;
        var entry = await pod.ChangeAsync(id, e =>
        {
            first = e.State != ContainerState.Exited;
            if (!first) return e;
            var startedAt = e.StartedAt ?? exit.At;
            // The clock may have been set back meanwhile.
            return e with { State = ContainerState.Exited, Exit = exit.At < startedAt ? exit with { At = startedAt } : exit, StartedAt = startedAt };
        });

        if (!first) return;
        PodLog.ContainerExited(parts.Logger, id, entry.Request.Name, exit.ExitCode, exit.Reason);
        pod.Publish(RuntimeEventKind.Stopped, id);
        if (entry.Spec is not { } spec) return;
        await parts.Hooks.ContainerStoppedAsync(pod.Entry.Spec, spec, exit, _closing.Token);
    }

    /// <summary>Writes down an end that the watch saw and could not.</summary>
    public async Task RepairAsync()
    {
        if (!_watch.IsCompleted || Handle is not { Exit.IsCompletedSuccessfully: true } handle) return;
        if (parts.Book.Current.Containers.TryGetValue(id, out var entry) && entry.State is ContainerState.Created or ContainerState.Running) await RecordExitAsync(await handle.Exit);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task WatchAsync()
    {
        var handle = RequireHandle();
        try
        {
            // On record before anything else can fail.
            await RecordExitAsync(await handle.Exit.WaitAsync(_closing.Token));

            // In a PID namespace that it shares, the processes that it left behind live on until they are killed.
            await handle.KillAsync(_closing.Token);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The host stops: the container runs on, and the next start finds it again.
        }
        catch (RuntimeException e)
        {
            PodLog.WatchFailed(parts.Logger, id, e);
            await RecordExitAsync(new ContainerExit(255, ExitReason.Lost, $"its end could not be observed: {e.Message}", parts.Clock.GetUtcNow()));
        }
    }
}
