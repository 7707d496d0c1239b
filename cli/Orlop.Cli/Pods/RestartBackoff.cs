namespace Orlop.Cli.Pods;

/// <summary>The kubelet's pause before a restart: 10 s, twice as long each time up to 5 min, and anew after 10 min without an end.</summary>
internal sealed class RestartBackoff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Recovered = TimeSpan.FromMinutes(10);

    private long _started;
    private TimeSpan _next = First;

    public void Started() => _started = time.GetTimestamp();

    public TimeSpan Next()
    {
        if (time.GetElapsedTime(_started) >= Recovered)
            _next = First;

        var pause = _next;
        _next = TimeSpan.FromTicks(Math.Min(2 * _next.Ticks, Longest.Ticks));
        return pause;
    }
}
