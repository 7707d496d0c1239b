namespace Orlop.NodeTests.Crashes;

/// <summary>Counts the answers that calls got: whether anything moves on.</summary>
internal sealed class Answers
{
    private int _count;

    public void Count() => Interlocked.Increment(ref _count);

    /// <summary>Waits for more answers, for a while.</summary>
    public async Task WaitAsync(int more, TimeSpan atMost)
    {
        int wanted = Volatile.Read(ref _count) + more;
        using var patience = new CancellationTokenSource(atMost);
        while (Volatile.Read(ref _count) < wanted && !patience.IsCancellationRequested) await Task.Delay(5);
    }
}
