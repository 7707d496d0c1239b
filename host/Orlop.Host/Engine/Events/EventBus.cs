using System.Collections.Immutable;
using System.Threading.Channels;
using Orlop.Abstractions.Lifecycle;

namespace Orlop.Host.Engine.Events;

/// <summary>The event bus of the process. Publishing never waits: a reader that falls behind loses its oldest events.</summary>
internal sealed class EventBus : IEventBus
{
    /// <summary>How many events a reader may lag behind; a pod's start makes about four.</summary>
    internal const int Capacity = 4096;

    private ImmutableArray<Channel<RuntimeEvent>> _readers = [];

    public void Publish(RuntimeEvent runtimeEvent)
    {
        foreach (var reader in ImmutableInterlocked.InterlockedCompareExchange(ref _readers, default, default))
            reader.Writer.TryWrite(runtimeEvent);
    }

    /// <remarks>The subscription begins with this call, not with the first read.</remarks>
    public IAsyncEnumerable<RuntimeEvent> ReadAsync(CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<RuntimeEvent>(new BoundedChannelOptions(Capacity)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        });
        ImmutableInterlocked.Update(ref _readers, static (readers, added) => readers.Add(added), channel);
        var cancellation = cancellationToken.UnsafeRegister(_ => Remove(channel), null);
        return ReadUntilCancelled(channel, cancellation, cancellationToken);
    }

    private async IAsyncEnumerable<RuntimeEvent> ReadUntilCancelled(
        Channel<RuntimeEvent> channel,
        CancellationTokenRegistration cancellation,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var runtimeEvent in channel.Reader.ReadAllAsync(cancellationToken))
                yield return runtimeEvent;
        }
        finally
        {
            await cancellation.DisposeAsync();
            Remove(channel);
        }
    }

    private void Remove(Channel<RuntimeEvent> channel) =>
        ImmutableInterlocked.Update(ref _readers, static (readers, removed) => readers.Remove(removed), channel);
}
