using Orlop.Windows.Interop.Compute;

namespace Orlop.Windows.Simulator;

/// <summary>The callbacks of all handles on one object. Events come on other threads, and only to callbacks that are set by then.</summary>
internal sealed class Listeners(FaultPlan faults)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, Action<HcsEventType, string>?> _handles = [];

    public int Count
    {
        get
        {
            lock (_lock) return _handles.Count;
        }
    }

    public void Open(object handle)
    {
        lock (_lock) _handles[handle] = null;
    }

    public void Set(object handle, Action<HcsEventType, string> listener)
    {
        lock (_lock)
        {
            if (_handles[handle] is not null) throw new InvalidOperationException("the callback of a handle is set once");
            _handles[handle] = listener;
        }
    }

    /// <summary>No event comes any more; the handles stay open.</summary>
    public void Silence()
    {
        lock (_lock)
        {
            foreach (object handle in _handles.Keys.ToList()) _handles[handle] = null;
        }
    }

    /// <summary>Closes a handle; false when it was closed already.</summary>
    public bool Close(object handle)
    {
        lock (_lock) return _handles.Remove(handle);
    }

    public void Raise(HcsEventType type, string data)
    {
        Action<HcsEventType, string>[] targets;
        lock (_lock) targets = [.. _handles.Values.OfType<Action<HcsEventType, string>>()];
        foreach (var target in targets)
        {
            for (int i = 0; i < (faults.EventsTwice ? 2 : 1); i++) _ = Task.Run(() => target(type, data));
        }
    }
}
