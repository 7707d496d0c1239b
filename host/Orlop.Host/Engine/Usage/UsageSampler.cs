using System.Collections.Frozen;
using Orlop.Abstractions.Execution;
using Orlop.Host.Engine.Handlers;

namespace Orlop.Host.Engine.Usage;

/// <summary>
/// Measures all pods in one pass per backend and keeps the result, so that any number of readers costs one pass. A pass
/// runs only when somebody asks and the last one is older than <see cref="Freshness"/>, or than a container asked about.
/// </summary>
internal sealed class UsageSampler(HandlerTable handlers, TimeProvider clock)
{
    /// <summary>Readers within this time of a pass share it; two samples further apart give a rate.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private UsageSample _current = UsageSample.Empty;
    private Task<UsageSample>? _pass; // guarded by _gate

    /// <summary>A fresh sample that knows every container started until <paramref name="since"/>.</summary>
    public async Task<UsageSample> GetAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        for (bool joined = false; ; joined = true)
        {
            Task<UsageSample> pass;
            lock (_gate)
            {
                if (IsFresh && _current.Knows(since)) return _current;
                if (_pass is null || _pass.IsCompleted) _pass = MeasureAsync();
                pass = _pass;
            }

            // The pass that ran already may have begun before a container did; one that begins now knows whatever the clock says.
            var sample = await pass.WaitAsync(cancellationToken);
            if (joined || sample.Knows(since)) return sample;
        }
    }

    private bool IsFresh => clock.GetUtcNow() - _current.At < Freshness;

    private async Task<UsageSample> MeasureAsync()
    {
        await Task.Yield();
        var before = IsFresh ? _current.Previous : _current.WithoutPrevious();
        var begun = clock.GetUtcNow();
        var sandboxes = new Dictionary<string, SandboxUsage>(StringComparer.Ordinal);
        foreach (var backend in handlers.Backends)
        {
            foreach (var sandbox in await backend.MeasureAsync(CancellationToken.None)) sandboxes[sandbox.SandboxId] = sandbox;
        }

        return _current = new UsageSample(begun, clock.GetUtcNow(), sandboxes.ToFrozenDictionary(StringComparer.Ordinal), before);
    }
}
