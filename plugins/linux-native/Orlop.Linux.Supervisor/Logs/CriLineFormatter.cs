using System.Buffers.Text;

namespace Orlop.Linux.Supervisor.Logs;

/// <summary>
/// Turns the output of one stream into lines of the CRI's log format: <c>2016-10-06T00:17:09.669794202Z stdout F text</c>. A line of more than
/// <see cref="MaxLine"/> bytes is split, all parts but its last have the tag P. What has no newline at the end of the stream is a P too, as in
/// containerd.
/// </summary>
internal sealed class CriLineFormatter(bool isStandardError)
{
    /// <summary>The most bytes of a line's text; containerd's <c>max_container_log_line_size</c>.</summary>
    public const int MaxLine = 16 * 1024;

    /// <summary>The bytes around a line's text: stamp, stream, tag, newline.</summary>
    public const int Overhead = StampSize + 1 + 7 + 2 + 1;

    private const int StampSize = 30;

    private byte[] carry = []; // the line that has begun in an earlier read
    private int carried;

    /// <summary>Formats what a read returned.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="now">Nanoseconds since 1970-01-01 UTC, for every line that ends in it.</param>
    /// <param name="buffer">Memory for formatting: at least <see cref="MaxLine"/> + <see cref="Overhead"/> bytes.</param>
    /// <param name="target">Gets the lines.</param>
    public void Append(ReadOnlySpan<byte> data, long now, Span<byte> buffer, ILogTarget target)
    {
        Span<byte> stamp = stackalloc byte[StampSize];
        WriteStamp(stamp, now);
        int used = 0;
        while (!data.IsEmpty)
        {
            int newline = data.IndexOf((byte)'\n');
            int length = newline >= 0 ? newline : data.Length;
            int room = MaxLine - carried;
            if (length > room)
            {
                used = Emit(stamp, 'P', data[..room], buffer, used, target);
                data = data[room..];
            }
            else if (newline >= 0)
            {
                used = Emit(stamp, 'F', data[..length], buffer, used, target);
                data = data[(length + 1)..];
            }
            else
            {
                Carry(data);
                break;
            }
        }

        if (used > 0) target.Write(buffer[..used]);
    }

    /// <summary>The stream has ended.</summary>
    public void Finish(long now, Span<byte> buffer, ILogTarget target)
    {
        if (carried == 0) return;
        Span<byte> stamp = stackalloc byte[StampSize];
        WriteStamp(stamp, now);
        target.Write(buffer[..Emit(stamp, 'P', default, buffer, 0, target)]);
    }

    /// <summary>Gives memory back that is not in use.</summary>
    public void Trim()
    {
        if (carried == 0) carry = [];
    }

    private int Emit(ReadOnlySpan<byte> stamp, char tag, ReadOnlySpan<byte> text, Span<byte> buffer, int used, ILogTarget target)
    {
        int size = Overhead + carried + text.Length;
        if (used + size > buffer.Length)
        {
            target.Write(buffer[..used]);
            used = 0;
        }

        Span<byte> line = buffer.Slice(used, size);
        stamp.CopyTo(line);
        (isStandardError ? " stderr "u8 : " stdout "u8).CopyTo(line[StampSize..]);
        line[StampSize + 8] = (byte)tag;
        line[StampSize + 9] = (byte)' ';
        carry.AsSpan(0, carried).CopyTo(line[(StampSize + 10)..]);
        text.CopyTo(line[(StampSize + 10 + carried)..]);
        line[^1] = (byte)'\n';
        carried = 0;
        return used + size;
    }

    private void Carry(ReadOnlySpan<byte> text)
    {
        int needed = carried + text.Length;
        if (needed > carry.Length) Array.Resize(ref carry, Math.Min(MaxLine, Math.Max(needed * 2, 256)));
        text.CopyTo(carry.AsSpan(carried));
        carried = needed;
    }

    // RFC 3339 with nine digits, as the kubelet's parser takes it: 2016-10-06T00:17:09.669794202Z
    private static void WriteStamp(Span<byte> stamp, long now)
    {
        (long seconds, long nanoseconds) = Math.DivRem(now, 1_000_000_000);
        _ = Utf8Formatter.TryFormat(DateTime.UnixEpoch.AddSeconds(seconds), stamp, out _, 'O');
        for (int i = StampSize - 2; i >= StampSize - 10; i--)
        {
            (nanoseconds, long digit) = Math.DivRem(nanoseconds, 10);
            stamp[i] = (byte)('0' + digit);
        }

        stamp[StampSize - 1] = (byte)'Z';
    }
}
