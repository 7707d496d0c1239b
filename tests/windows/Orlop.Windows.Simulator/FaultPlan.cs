using System.Collections.Concurrent;

namespace Orlop.Windows.Simulator;

/// <summary>What is to go wrong, and when.</summary>
internal sealed class FaultPlan
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Fault>> _next = new(StringComparer.Ordinal);

    /// <summary>Every event comes twice.</summary>
    public bool EventsTwice { get; set; }

    /// <summary>A process has ended before anybody can listen: its event is never seen.</summary>
    public bool ExitBeforeCallback { get; set; }

    /// <summary>Exits of processes raise no event.</summary>
    public bool ProcessEventsLost { get; set; }

    /// <summary>Exit events of processes hold no data.</summary>
    public bool ProcessEventsEmpty { get; set; }

    /// <summary>Calls that return some time after they have taken effect.</summary>
    public ConcurrentDictionary<string, TimeSpan> Slow { get; } = new(StringComparer.Ordinal);

    /// <summary>Plans a failure of the next call of a function.</summary>
    /// <param name="call">The function: <c>HcsTerminateComputeSystem</c>.</param>
    /// <param name="hresult">What it fails with.</param>
    /// <param name="effect">What it does all the same.</param>
    public void Next(string call, int hresult, FaultEffect effect = FaultEffect.Nothing) =>
        _next.GetOrAdd(call, _ => new ConcurrentQueue<Fault>()).Enqueue(new Fault(hresult, effect));

    public Fault? Take(string call) => _next.TryGetValue(call, out var queue) && queue.TryDequeue(out var fault) ? fault : null;
}
