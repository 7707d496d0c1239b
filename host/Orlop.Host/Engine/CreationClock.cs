namespace Orlop.Host.Engine;

/// <summary>Times of creation that never repeat and never go back, across restarts too: the kubelet sorts sandboxes by them.</summary>
internal sealed class CreationClock(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private DateTimeOffset _last;

    /// <summary>Takes note of a time that was given out by an earlier process.</summary>
    public void Remember(DateTimeOffset createdAt)
    {
        lock (_gate)
        {
            if (createdAt > _last) _last = createdAt;
        }
    }

    public DateTimeOffset Next()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            _last = now > _last ? now : _last.AddTicks(1);
            return _last;
        }
    }
}
