using System.Collections.Frozen;
using Orlop.Abstractions.Execution;
using Orlop.Host.Engine.Handlers;

namespace Orlop.Host.Engine.Usage;

/// <summary>
/// Measures all pods in one pass per backend and keeps the result, so that any number of readers costs one pass. A pass
/// runs only when somebody asks and the last one is older than <see cref="Freshness"/>.
/// </summary>
internal sealed class UsageSampler(HandlerTable handlers, TimeProvider clock)
{
    /// <summary>Readers within this time of a pass share it; two samples further apart give a rate.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private UsageSample _current = UsageSample.Empty;
    private Task<UsageSample>? _pass; // guarded by _gate

    /// <summary>A sample that is fresh, or the one of the pass that runs now.</summary>
    public async Task<UsageSample> GetAsync(CancellationToken cancellationToken)
    {
        Task<UsageSample> pass;
        lock (_gate)
        {
            if (clock.GetUtcNow() - _current.At < Freshness) return _current;
            if (_pass is null || _pass.IsCompleted) _pass = MeasureAsync();
            pass = _pass;
        }

        return await pass.WaitAsync(cancellationToken);
    }

    private async Task<UsageSample> MeasureAsync()
    {
        await Task.Yield();
        var previous = _current;
        var sandboxes = new Dictionary<string, SandboxUsage>(StringComparer.Ordinal);
        foreach (var backend in handlers.Backends)
        {
            foreach (var sandbox in await backend.MeasureAsync(CancellationToken.None)) sandboxes[sandbox.SandboxId] = sandbox;
        }

        return _current = new UsageSample(clock.GetUtcNow(), sandboxes.ToFrozenDictionary(StringComparer.Ordinal), previous.WithoutPrevious());
    }
}
