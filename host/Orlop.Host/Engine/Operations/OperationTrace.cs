using Orlop.Abstractions.Lifecycle;

namespace Orlop.Host.Engine.Operations;

/// <summary>The phases of one operation with their times: for the error of a stuck call, the debug log and <c>orlop trace</c>.</summary>
internal sealed class OperationTrace : IPhase
{
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly List<Phase> _phases = []; // in order of their start; guarded by _gate
    private readonly long _start;
    private TimeSpan? _duration;
    private string? _interruptedAt; // the position when it was cancelled; phases close while the work unwinds

    public OperationTrace(OperationKey key, TimeProvider clock)
    {
        Key = key;
        _clock = clock;
        _start = clock.GetTimestamp();
        StartedAt = clock.GetUtcNow();
    }

    public OperationKey Key { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>How long it took, or has taken so far.</summary>
    public TimeSpan Duration => _duration ?? Elapsed;

    /// <summary>Why it failed; null while it runs and when it worked.</summary>
    public string? Error { get; private set; }

    public bool IsRunning => _duration is null;

    private TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    public IReadOnlyList<PhaseRecord> Phases
    {
        get
        {
            lock (_gate) return [.. _phases.Select(p => p.ToRecord())];
        }
    }

    public IPhase Begin(string name) => Begin(name, depth: 0);

    public void Note(string detail)
    {
    }

    public void Dispose() => _duration ??= Elapsed;

    public void Fail(string error)
    {
        Error = error;
        Dispose();
    }

    /// <summary>Where it is right now: <c>network &gt; cni-add bridge (41 s), waiting for pid 123</c>.</summary>
    public string Position => _interruptedAt ?? CurrentPosition;

    /// <summary>All phases with their times on one line, for the debug log: <c>[sandbox 5.1 ms, network 60.2 ms]</c>.</summary>
    public string Summary => $"[{string.Join(", ", Phases.Where(p => p.Depth == 0).Select(p => $"{p.Name} {(p.Duration ?? TimeSpan.Zero).TotalMilliseconds:0.0} ms"))}]";

    private string CurrentPosition
    {
        get
        {
            lock (_gate)
            {
                var open = _phases.Where(p => p.IsOpen).ToList();
                if (open.Count == 0) return "between phases";

                var deepest = open[^1];
                string path = string.Join(" > ", open.Select(p => p.Name));
                string note = deepest.LastNote is { } n ? $", {n}" : "";
                return $"{path} ({(Elapsed - deepest.Start).TotalSeconds:0} s{note})";
            }
        }
    }

    /// <summary>Keeps the position for the error: its token is about to be cancelled.</summary>
    public void Interrupt() => _interruptedAt ??= CurrentPosition;

    private Phase Begin(string name, int depth)
    {
        var phase = new Phase(this, name, depth, Elapsed);
        lock (_gate) _phases.Add(phase);
        return phase;
    }

    private sealed class Phase(OperationTrace trace, string name, int depth, TimeSpan start) : IPhase
    {
        private TimeSpan? _duration;

        public string Name => name;

        public TimeSpan Start => start;

        public string? LastNote { get; private set; }

        public bool IsOpen => _duration is null && trace.IsRunning;

        public IPhase Begin(string child) => trace.Begin(child, depth + 1);

        public void Note(string detail) => LastNote = detail;

        public void Dispose() => _duration ??= trace.Elapsed - start;

        public PhaseRecord ToRecord() => new(name, depth, start, _duration, LastNote);
    }
}
