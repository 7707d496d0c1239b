using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orlop.Abstractions.Lifecycle;

namespace Orlop.PluginContracts;

/// <summary>The event bus that the host would lend: a test publishes what a plugin is to hear, and sees what it publishes.</summary>
public sealed class MemoryEventBus : IEventBus
{
    private ImmutableList<RuntimeEvent> _published = [];
    private ImmutableList<Channel<RuntimeEvent>> _readers = [];

    /// <summary>Everything that was published so far.</summary>
    public IReadOnlyList<RuntimeEvent> Published => _published;

    /// <inheritdoc/>
    public void Publish(RuntimeEvent runtimeEvent)
    {
        ImmutableInterlocked.Update(ref _published, events => events.Add(runtimeEvent));
        foreach (var reader in _readers)
            reader.Writer.TryWrite(runtimeEvent);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RuntimeEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = Channel.CreateUnbounded<RuntimeEvent>();
        ImmutableInterlocked.Update(ref _readers, readers => readers.Add(reader));
        try
        {
            await foreach (var runtimeEvent in reader.Reader.ReadAllAsync(cancellationToken))
                yield return runtimeEvent;
        }
        finally
        {
            ImmutableInterlocked.Update(ref _readers, readers => readers.Remove(reader));
        }
    }
}
