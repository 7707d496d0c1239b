using Microsoft.Extensions.Logging;

namespace Orlop.Windows.Logs;

/// <summary>Carries one stream of a container into its log, until the stream ends.</summary>
/// <param name="stream">The read end of the pipe.</param>
/// <param name="formatter">Of this stream.</param>
/// <param name="log">Where the lines go; null discards them: a pipe that nobody reads would stop the container.</param>
/// <param name="time">The clock of the lines.</param>
/// <param name="logger">Told once when the log cannot be written.</param>
internal sealed class LogPump(Stream stream, CriLineFormatter formatter, LogFile? log, TimeProvider time, ILogger logger)
{
    private const int BufferSize = 32 * 1024;

    private bool _failed; // the last write

    /// <summary>Ends with the stream, or when it is cancelled. Lines that the log refuses are lost; the container goes on.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        using var lines = new MemoryStream();
        int read;
        while ((read = await ReadAsync(buffer, cancellationToken)) > 0)
        {
            formatter.Append(buffer.AsSpan(0, read), time.GetUtcNow(), lines);
            await FlushAsync(lines);
        }

        formatter.Finish(time.GetUtcNow(), lines);
        await FlushAsync(lines);
    }

    // A broken pipe and our own end of the reading are ends like any other: what was read stays.
    private async Task<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            return 0;
        }
    }

    private async Task FlushAsync(MemoryStream lines)
    {
        try
        {
            if (lines.Length > 0 && log is not null) await log.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length));
            _failed = false;
        }
        catch (IOException e)
        {
            if (!_failed) logger.LogNotWritten(log!.Path, e);
            _failed = true;
        }

        lines.SetLength(0);
    }
}
