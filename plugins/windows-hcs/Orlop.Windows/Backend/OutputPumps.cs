using Orlop.Windows.Logs;

namespace Orlop.Windows.Backend;

/// <summary>The pumps of a container's output, running.</summary>
internal sealed class OutputPumps : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly StopPolicy _policy;

    public OutputPumps(IReadOnlyList<LogPump> pumps, StopPolicy policy)
    {
        _policy = policy;
        _running = Task.WhenAll(pumps.Select(p => p.RunAsync(_stop.Token)));
    }

    /// <summary>Waits for the end of all streams, for a while.</summary>
    public Task DrainAsync(TimeSpan patience) => _policy.WithinAsync(_running, patience, CancellationToken.None);

    /// <summary>The same, and stops reading then.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        await DrainAsync(patience);
        await _stop.CancelAsync();
        await _running;
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
