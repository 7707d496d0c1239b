using System.Collections.Concurrent;

namespace Orlop.Windows.Interop.Compute;

/// <summary>
/// Managed targets of native callbacks, by number. The number is what the native side holds, so that a late callback finds
/// nothing instead of freed memory.
/// </summary>
internal sealed class CallbackTable<T>
    where T : class
{
    private readonly ConcurrentDictionary<nint, T> _targets = new();
    private long _last;

    public nint Add(T target)
    {
        nint id = (nint)Interlocked.Increment(ref _last);
        _targets[id] = target;
        return id;
    }

    public T? Find(nint id) => _targets.GetValueOrDefault(id);

    public void Remove(nint id) => _targets.TryRemove(id, out _);
}
