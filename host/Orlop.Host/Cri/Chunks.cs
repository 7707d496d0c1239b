using Grpc.Core;

namespace Orlop.Host.Cri;

/// <summary>Lists as streams: as many items in each message as surely fit.</summary>
internal static class Chunks
{
    private const int Items = 100;

    public static async Task WriteAsync<TItem, TMessage>(
        IEnumerable<TItem> items, IServerStreamWriter<TMessage> stream, Func<TItem[], TMessage> message, CancellationToken cancellationToken)
    {
        foreach (var chunk in items.Chunk(Items)) await stream.WriteAsync(message(chunk), cancellationToken);
    }
}
