namespace Orlop.Abstractions.Lifecycle;

/// <summary>Tells everyone in the process what happened to pods and containers.</summary>
/// <remarks>State is published before its event (R26); a reader that falls behind loses the oldest events and must list again.</remarks>
public interface IEventBus
{
    /// <summary>Publishes without waiting for any reader.</summary>
    void Publish(RuntimeEvent runtimeEvent);

    /// <summary>All events from now on, until the token is cancelled.</summary>
    IAsyncEnumerable<RuntimeEvent> ReadAsync(CancellationToken cancellationToken);
}
