using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Engine.Pods;

/// <summary>One pod that lives in this process: the only writer of its entries, and the owner of its handles and watches.</summary>
/// <remarks>Writing takes turns (<see cref="ChangeAsync(Func{SandboxEntry, SandboxEntry})"/>) and is short; no operation holds the turn while it waits (R4).</remarks>
internal sealed class PodActor(string id, EngineParts parts) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1); // one writer at a time; never disposed, one may still wait
    private readonly ConcurrentDictionary<string, ContainerActor> _containers = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private Task _watch = Task.CompletedTask; // owned: awaited on dispose
    private int _numbers; // of containers, in the order in which they came
    private readonly CancellationTokenSource _refusing = new();

    public string Id => id;

    /// <summary>The sandbox's handle; null until it is made, and when its backend's plugin is missing.</summary>
    public ISandbox? Sandbox { get; private set; }

    /// <summary>Why nothing of the sandbox lives although nobody asked it to end; null while it lives.</summary>
    public string? LostReason { get; private set; }

    /// <summary>Whether nobody works on it any more although it is half made: what is left of it could not be taken back.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Whether this process has stopped it to the end; a stop may be repeated, and is a part of the removal.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Cancelled when no container is to be made any more: one that is being made is taken back.</summary>
    public CancellationToken Refusing => _refusing.Token;

    public SandboxEntry Entry => parts.Book.Current.Sandboxes.TryGetValue(id, out var entry)
        ? entry
        : throw RuntimeException.NotFound($"pod sandbox {id} does not exist");

    /// <summary>Its containers, the oldest first.</summary>
    public IReadOnlyList<ContainerActor> Containers => [.. _containers.Values.OrderBy(c => c.Number)];

    /// <summary>Takes over the sandbox's handle.</summary>
    public void Adopt(ISandbox sandbox) => Sandbox = sandbox;

    /// <summary>Takes over what a recovery found of it, and watches it while it lives.</summary>
    public void Adopt(RecoveredSandbox found)
    {
        Sandbox = found.Sandbox;
        LostReason = found.LostReason;
        if (LostReason is null) Watch();
        else _refusing.Cancel();
    }

    /// <summary>Watches that the sandbox lives.</summary>
    public void Watch() => _watch = WatchAsync(Sandbox!);

    public bool TryGetContainer(string containerId, [MaybeNullWhen(false)] out ContainerActor container) => _containers.TryGetValue(containerId, out container);

    public ContainerActor AddContainer(string containerId)
    {
        var container = new ContainerActor(containerId, Interlocked.Increment(ref _numbers), this, parts);
        _containers[containerId] = container;
        return container;
    }

    /// <summary>Takes the sandbox from the record, and from sight. Everything of it is released.</summary>
    public Task DeleteAsync() => WriteAsync(() => parts.Book.DeleteSandboxAsync(id));

    /// <summary>Takes one of its containers from the record, and from sight. Everything of it is released.</summary>
    public async Task DeleteContainerAsync(string containerId)
    {
        await WriteAsync(() => parts.Book.DeleteContainerAsync(containerId));
        _containers.TryRemove(containerId, out _);
    }

    /// <summary>From now on no container is made or started in this pod.</summary>
    public Task RefuseContainersAsync() => _refusing.CancelAsync();

    /// <summary>The sandbox is lost: not ready from now on, and told to everyone if it was.</summary>
    public async Task LoseAsync(string reason)
    {
        LostReason = reason;
        await RefuseContainersAsync();
        bool wasReady = false;
        await ChangeAsync(e =>
        {
            wasReady = e.State == SandboxState.Ready;
            return wasReady ? e with { State = SandboxState.NotReady } : e;
        });
        if (!wasReady) return;
        PodLog.SandboxLost(parts.Logger, id, reason);
        Publish(RuntimeEventKind.Stopped);
    }

    /// <summary>Puts on record what is known of it: what a recovery found, and what could not be written down when it happened.</summary>
    public async Task RepairAsync()
    {
        if (!parts.Book.Current.Sandboxes.ContainsKey(id)) return;
        if (LostReason is { } reason) await LoseAsync(reason);
        var entry = await ChangeAsync(e => e switch
        {
            { State: SandboxState.Creating } when IsAbandoned => e with { State = SandboxState.NotReady, NeverReady = true }, // now RemovePodSandbox can name it
            { State: SandboxState.Ready } when Sandbox is null => e with { State = SandboxState.NotReady, Unreachable = true }, // until a start finds it again
            { Unreachable: true } when Sandbox is not null => e with { State = LostReason is null ? SandboxState.Ready : SandboxState.NotReady, Unreachable = false },
            _ => e,
        });
        if (entry.State == SandboxState.Creating) return;
        foreach (var container in Containers) await container.RepairAsync();
    }

    /// <exception cref="RuntimeException">The pod is not ready (R28).</exception>
    public ISandbox RequireReady()
    {
        var entry = Entry;
        return entry.State == SandboxState.Ready && !_refusing.IsCancellationRequested && Sandbox is { } sandbox
            ? sandbox
            : throw RuntimeException.FailedPrecondition($"pod sandbox {id} ({entry.Spec.Namespace}/{entry.Spec.Name}) is not ready; the kubelet makes a new one");
    }

    /// <summary>Changes the sandbox's entry: on record first, then visible.</summary>
    public Task<SandboxEntry> ChangeAsync(Func<SandboxEntry, SandboxEntry> change) => WriteAsync(async () =>
    {
        var entry = Entry;
        var changed = change(entry);
        if (!ReferenceEquals(changed, entry)) await parts.Book.PutAsync(changed);
        return changed;
    });

    /// <summary>Changes the entry of one of its containers: on record first, then visible.</summary>
    public Task<ContainerEntry> ChangeAsync(string containerId, Func<ContainerEntry, ContainerEntry> change) => WriteAsync(async () =>
    {
        if (!parts.Book.Current.Containers.TryGetValue(containerId, out var entry)) throw RuntimeException.NotFound($"container {containerId} does not exist");
        var changed = change(entry);
        if (!ReferenceEquals(changed, entry)) await parts.Book.PutAsync(changed);
        return changed;
    });

    public void Publish(RuntimeEventKind kind, string? containerId = null) =>
        parts.Events.Publish(new RuntimeEvent(kind, id, containerId, parts.CreationClock.Next()));

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var container in _containers.Values) await container.DisposeAsync();
        _closing.Dispose();
    }

    private Task WriteAsync(Func<Task> write) => WriteAsync(async () =>
    {
        await write();
        return true;
    });

    /// <summary>Writes in its turn, deletions too: what was deleted is not there for a change that comes after it.</summary>
    private async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            return await write();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task WatchAsync(ISandbox sandbox)
    {
        try
        {
            await LoseAsync(await sandbox.Lost.WaitAsync(_closing.Token));
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The pod is removed, or the host stops: the sandbox is not lost.
        }
        catch (RuntimeException e) when (e.Kind == ErrorKind.NotFound)
        {
            // Removed meanwhile.
        }
    }
}
