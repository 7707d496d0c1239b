using System.Diagnostics.CodeAnalysis;

namespace Orlop.Cni.Attachments;

/// <summary>
/// Orders operations as the specification asks (section 3, "lifecycle and ordering"): one at a time for a sandbox, any number for
/// different sandboxes, and none while a garbage collection runs.
/// </summary>
/// <remarks>A collection waits for a moment without operations instead of holding new ones back, so that one slow plugin never stops all pods.</remarks>
internal sealed class OperationGate
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal); // only sandboxes with an operation

    private int _running;                                       // operations that are past the gate
    private TaskCompletionSource? _collecting;                  // completes when the collection has ended
    private TaskCompletionSource _quiet = NewSignal();          // completes when nothing runs

    /// <summary>Waits for the sandbox's turn and for the end of a collection; dispose ends the operation.</summary>
    public async Task<IDisposable> EnterAsync(string sandboxId, CancellationToken cancellationToken)
    {
        Turn turn;
        lock (_gate)
        {
            if (!_turns.TryGetValue(sandboxId, out turn!))
            {
                _turns.Add(sandboxId, turn = new Turn());
            }

            turn.Users++;
        }

        try
        {
            await turn.Semaphore.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(sandboxId, turn);
            throw;
        }

        try
        {
            while (!TryBegin(out Task? collection))
            {
                await collection.WaitAsync(cancellationToken);
            }
        }
        catch
        {
            turn.Semaphore.Release();
            Leave(sandboxId, turn);
            throw;
        }

        return new Release(() =>
        {
            End();
            turn.Semaphore.Release();
            Leave(sandboxId, turn);
        });
    }

    /// <summary>Whether an operation of the sandbox runs or waits.</summary>
    public bool IsBusy(string sandboxId)
    {
        lock (_gate)
        {
            return _turns.ContainsKey(sandboxId);
        }
    }

    /// <summary>Waits until nothing runs; null when that does not come before the token is cancelled. Dispose lets operations in again.</summary>
    public async Task<IDisposable?> TryEnterCollectionAsync(CancellationToken patience)
    {
        try
        {
            while (!TryBeginCollection(out Task? others))
            {
                await others.WaitAsync(patience);
            }

            return new Release(EndCollection);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return null;
        }
    }

    private bool TryBegin([NotNullWhen(false)] out Task? collection)
    {
        lock (_gate)
        {
            collection = _collecting?.Task;
            if (collection is null)
            {
                _running++;
            }

            return collection is null;
        }
    }

    private void End()
    {
        lock (_gate)
        {
            if (--_running == 0)
            {
                _quiet.SetResult();
                _quiet = NewSignal();
            }
        }
    }

    private bool TryBeginCollection([NotNullWhen(false)] out Task? others)
    {
        lock (_gate)
        {
            others = _collecting?.Task ?? (_running > 0 ? _quiet.Task : null);
            if (others is null)
            {
                _collecting = NewSignal();
            }

            return others is null;
        }
    }

    private void EndCollection()
    {
        lock (_gate)
        {
            _collecting!.SetResult();
            _collecting = null;
        }
    }

    private void Leave(string sandboxId, Turn turn)
    {
        lock (_gate)
        {
            if (--turn.Users == 0)
            {
                _turns.Remove(sandboxId);
                turn.Semaphore.Dispose();
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Turn
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Users { get; set; } // those who hold it and those who wait
    }

    private sealed class Release(Action action) : IDisposable
    {
        private Action? _action = action;

        public void Dispose() => Interlocked.Exchange(ref _action, null)?.Invoke();
    }
}
