namespace Orlop.Linux.Supervisor.Loop;

/// <summary>Something with a descriptor that the loop waits for.</summary>
internal interface IEventSource
{
    /// <summary>The descriptor is ready. It may be removed and closed here.</summary>
    /// <param name="events">EPOLL bits.</param>
    void OnReady(uint events);
}
