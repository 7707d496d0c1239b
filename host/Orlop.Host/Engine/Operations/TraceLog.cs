using System.Collections.Concurrent;

namespace Orlop.Host.Engine.Operations;

/// <summary>The last operations of every pod, in a ring, and all that run now.</summary>
internal sealed class TraceLog
{
    private const int TracesPerPod = 32;

    private readonly ConcurrentDictionary<string, Queue<OperationTrace>> _byPod = new(StringComparer.Ordinal);

    /// <summary>Remembers an operation of a pod, and forgets its oldest one.</summary>
    public void Add(string sandboxId, OperationTrace trace)
    {
        var ring = _byPod.GetOrAdd(sandboxId, _ => new Queue<OperationTrace>());
        lock (ring)
        {
            ring.Enqueue(trace);
            if (ring.Count > TracesPerPod) ring.Dequeue();
        }
    }

    /// <summary>The last operations of a pod, the oldest first.</summary>
    public IReadOnlyList<OperationTrace> Of(string sandboxId)
    {
        if (!_byPod.TryGetValue(sandboxId, out var ring)) return [];
        lock (ring) return [.. ring];
    }

    public void Forget(string sandboxId) => _byPod.TryRemove(sandboxId, out _);
}
