using System.Buffers.Text;

namespace Orlop.Windows.Logs;

/// <summary>
/// Turns the output of one stream into lines of the CRI's log format: <c>2016-10-06T00:17:09.669794200Z stdout F text</c>. A line of
/// more than <see cref="MaxLine"/> bytes is split, all parts but its last have the tag P, as has what ends without a newline. A
/// carriage return stays in its line.
/// </summary>
internal sealed class CriLineFormatter(bool isStandardError)
{
    /// <summary>The most bytes of a line's text; containerd's <c>max_container_log_line_size</c>.</summary>
    public const int MaxLine = 16 * 1024;

    private const int StampSize = 30;

    private readonly byte[] _line = new byte[MaxLine];
    private int _length; // of the line that has begun

    /// <summary>Formats what a read returned.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="now">The time of every line that ends in it.</param>
    /// <param name="output">Gets whole lines.</param>
    public void Append(ReadOnlySpan<byte> data, DateTimeOffset now, MemoryStream output)
    {
        while (!data.IsEmpty)
        {
            int newline = data.IndexOf((byte)'\n');
            var text = newline >= 0 ? data[..newline] : data;
            int room = MaxLine - _length;
            if (text.Length > room)
            {
                Keep(text[..room]);
                Emit('P', now, output);
                data = data[room..];
                continue;
            }

            Keep(text);
            if (newline < 0) return;
            Emit('F', now, output);
            data = data[(newline + 1)..];
        }
    }

    /// <summary>The stream has ended.</summary>
    public void Finish(DateTimeOffset now, MemoryStream output)
    {
        if (_length > 0) Emit('P', now, output);
    }

    private void Keep(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_line.AsSpan(_length));
        _length += text.Length;
    }

    private void Emit(char tag, DateTimeOffset now, MemoryStream output)
    {
        Span<byte> head = stackalloc byte[StampSize + 10];
        _ = Utf8Formatter.TryFormat(now.UtcDateTime, head, out int written, 'O'); // seven digits and Z; the kubelet's parser wants nine
        head[written - 1] = (byte)'0';
        head[written] = (byte)'0';
        head[written + 1] = (byte)'Z';
        (isStandardError ? " stderr "u8 : " stdout "u8).CopyTo(head[StampSize..]);
        head[^2] = (byte)tag;
        head[^1] = (byte)' ';
        output.Write(head);
        output.Write(_line, 0, _length);
        output.WriteByte((byte)'\n');
        _length = 0;
    }
}
