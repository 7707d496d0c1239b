using System.Buffers;
using System.Text;

namespace Orlop.Cni.Execution;

/// <summary>Reads a plugin's output to its end and keeps a bounded part of it, so that no plugin blocks on a full pipe or fills our memory.</summary>
internal sealed class BoundedCapture(int limit, bool keepsTail)
{
    private readonly ArrayBufferWriter<byte> _kept = new();

    /// <summary>There was more than is kept.</summary>
    public bool Overflowed { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _kept.WrittenMemory;

    /// <summary>The kept part on one line, for a message.</summary>
    public string ToLine()
    {
        string text = string.Join(" | ", Encoding.UTF8.GetString(Bytes.Span).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return Overflowed && keepsTail ? "…" + text : text;
    }

    /// <summary>Reads until the end or until the token says that nobody waits any more; then what came so far is kept.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
            {
                Append(buffer.AsSpan(0, count));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A grandchild may hold the pipe open long after the plugin has ended.
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        int room = limit - _kept.WrittenCount;
        if (bytes.Length <= room)
        {
            _kept.Write(bytes);
            return;
        }

        Overflowed = true;
        if (!keepsTail)
        {
            _kept.Write(bytes[..room]);
            return;
        }

        byte[] all = [.. _kept.WrittenSpan, .. bytes];
        _kept.ResetWrittenCount();
        _kept.Write(all.AsSpan(all.Length - limit));
    }
}
