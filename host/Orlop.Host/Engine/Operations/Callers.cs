namespace Orlop.Host.Engine.Operations;

/// <summary>Those who wait for the result of one operation.</summary>
internal sealed class Callers
{
    private readonly Lock _gate = new();
    private int _waiting; // guarded by _gate
    private TaskCompletionSource _arrival = NewArrival(); // completed while somebody waits; guarded by _gate

    public bool AnyWaits
    {
        get
        {
            lock (_gate) return _waiting > 0;
        }
    }

    /// <summary>Completes when somebody waits.</summary>
    public Task Arrival
    {
        get
        {
            lock (_gate) return _arrival.Task;
        }
    }

    public void Enter()
    {
        lock (_gate)
        {
            _waiting++;
            _arrival.TrySetResult();
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_waiting == 0) _arrival = NewArrival();
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
