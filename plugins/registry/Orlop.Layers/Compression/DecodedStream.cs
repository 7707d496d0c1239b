namespace Orlop.Layers.Compression;

/// <summary>A decoder whose many kinds of errors about damaged input become one.</summary>
/// <param name="format">For messages: <c>gzip</c>.</param>
/// <param name="decoder">The decoder; disposed with this stream.</param>
internal sealed class DecodedStream(string format, Stream decoder) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return decoder.Read(buffer);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException)
        {
            throw new LayerFormatException($"the layer is damaged or cut off: {format}: {e.Message}", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            decoder.Dispose();
        base.Dispose(disposing);
    }
}
