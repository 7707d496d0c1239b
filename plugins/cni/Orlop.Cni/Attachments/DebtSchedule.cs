using System.Threading.Channels;

namespace Orlop.Cni.Attachments;

/// <summary>When to try again to release which sandbox: after 5 s, then twice as long each time, up to 10 minutes.</summary>
internal sealed class DebtSchedule(TimeProvider time)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTimeOffset Due, TimeSpan Pause)> _debts = new(StringComparer.Ordinal);
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Notes a failed release.</summary>
    public void Postpone(string sandboxId)
    {
        lock (_gate)
        {
            TimeSpan pause = _debts.TryGetValue(sandboxId, out var debt) && debt.Pause > TimeSpan.Zero
                ? TimeSpan.FromTicks(Math.Min(debt.Pause.Ticks * 2, s_longestPause.Ticks))
                : s_firstPause;
            _debts[sandboxId] = (time.GetUtcNow() + pause, pause);
        }

        _changed.Writer.TryWrite(true);
    }

    /// <summary>Notes what an earlier run of the daemon left, to be tried at once.</summary>
    public void Resume(string sandboxId)
    {
        lock (_gate)
        {
            _debts[sandboxId] = (time.GetUtcNow(), TimeSpan.Zero);
        }

        _changed.Writer.TryWrite(true);
    }

    public void Forget(string sandboxId)
    {
        lock (_gate)
        {
            _debts.Remove(sandboxId);
        }
    }

    /// <summary>Waits until a debt is due and returns all that are.</summary>
    public async Task<IReadOnlyList<string>> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            DateTimeOffset now = time.GetUtcNow();
            List<string> due;
            DateTimeOffset? next;
            lock (_gate)
            {
                due = _debts.Where(debt => debt.Value.Due <= now).Select(debt => debt.Key).Order(StringComparer.Ordinal).ToList();
                next = _debts.Count > 0 ? _debts.Values.Min(debt => debt.Due) : null;
            }

            if (due.Count > 0)
            {
                return due;
            }

            await WaitForChangeAsync(next - now, cancellationToken);
        }
    }

    private async Task WaitForChangeAsync(TimeSpan? atMost, CancellationToken cancellationToken)
    {
        using var pause = new CancellationTokenSource(atMost ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellationToken);
        try
        {
            await _changed.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A debt is due.
        }
    }
}
