using Orlop.Abstractions.Errors;

namespace Orlop.Host.Tests.Engine.Crashes;

/// <summary>
/// Everything that one process does outside of itself, as steps: the moment before each effect and the moment after it. At
/// one of them a fault can strike. A step is known by its name and by how often it came before, so that it is the same one
/// in every run, whatever other threads do meanwhile.
/// </summary>
internal sealed class Steps
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly Lock _gate = new();
    private readonly List<string> _passed = []; // guarded by _gate
    private readonly Dictionary<string, int> _times = []; // by moment; guarded by _gate
    private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _at; // where the fault strikes; guarded by _gate
    private Fault _fault; // guarded by _gate
    private bool _cutOff; // guarded by _gate
    private bool _failing; // guarded by _gate

    /// <summary>What happens at the step of <see cref="Fault.Elsewhere"/>.</summary>
    public Action Elsewhere { get; set; } = () => { };

    /// <summary>Completes when the fault has struck.</summary>
    public Task Struck => _struck.Task;

    /// <summary>The steps since the last beginning, in their order.</summary>
    public IReadOnlyList<string> Passed
    {
        get
        {
            lock (_gate) return [.. _passed];
        }
    }

    /// <summary>Counts anew from here on.</summary>
    public void Begin(string? at, Fault fault)
    {
        lock (_gate)
        {
            _passed.Clear();
            _times.Clear();
            (_at, _fault) = (at, fault);
        }
    }

    /// <summary>The process is killed where it is.</summary>
    public void CutOff()
    {
        lock (_gate) _cutOff = true;
    }

    /// <summary>What failed works again.</summary>
    public void Heal()
    {
        lock (_gate) _failing = false;
    }

    /// <summary>One step.</summary>
    /// <param name="moment">Before or after what.</param>
    /// <param name="mayFail">Whether the effect's contract lets it fail then.</param>
    /// <exception cref="RuntimeException">It fails.</exception>
    public async Task PassAsync(string moment, bool mayFail)
    {
        bool strikes, cutOff, fails;
        lock (_gate)
        {
            int times = _times[moment] = _times.GetValueOrDefault(moment) + 1;
            string step = $"{moment} #{times}";
            _passed.Add(step);
            strikes = step == _at;
            _cutOff |= strikes && _fault == Fault.CutOff;
            _failing |= strikes && _fault is Fault.Everything or Fault.DiskFull;
            cutOff = _cutOff;
            fails = mayFail && ((strikes && _fault == Fault.Once) || (_failing && (_fault == Fault.Everything || moment.StartsWith("before commit", StringComparison.Ordinal))));
        }

        if (strikes && _fault == Fault.Elsewhere) Elsewhere();
        if (strikes) _struck.TrySetResult();
        if (cutOff) await Never;
        if (fails) throw new RuntimeException(ErrorKind.ResourceExhausted, $"fault {moment}");
    }
}
