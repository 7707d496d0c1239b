using System.Buffers;

namespace Orlop.Windows.Backend;

/// <summary>Reads one stream of a command: keeps what fits, discards the rest.</summary>
/// <param name="stream">The read end of the pipe; null has no output.</param>
/// <param name="limit">Bytes that are kept.</param>
internal sealed class OutputCapture(Stream? stream, int limit)
{
    private const int BufferSize = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _kept = new();

    /// <summary>What was read; only once <see cref="RunAsync"/> has ended.</summary>
    public ReadOnlyMemory<byte> Captured => _kept.WrittenMemory;

    /// <summary>Ends with the stream or when it is cancelled; what was read until then is kept.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (stream is null) return;
        var buffer = new byte[BufferSize];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                _kept.Write(buffer.AsSpan(0, Math.Min(read, limit - _kept.WrittenCount)));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            return; // a broken pipe is an end like any other
        }
    }
}
