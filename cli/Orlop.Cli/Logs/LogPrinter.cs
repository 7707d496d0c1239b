using System.Buffers;

namespace Orlop.Cli.Logs;

/// <summary>
/// Prints the records of one container: standard error stays standard error, the pieces of a cut line come together, and
/// lines of several containers do not mix when their printers share a gate.
/// </summary>
/// <param name="prefix">What each line begins with; empty for a container alone.</param>
internal sealed class LogPrinter(Stream output, Stream error, ReadOnlyMemory<byte> prefix, bool timestamps, Lock gate)
{
    // An endless line is printed in pieces of this size.
    private const int LongestLine = 64 * 1024;

    private readonly Line _outputLine = new();
    private readonly Line _errorLine = new();

    public void Print(in CriLogLine record)
    {
        var line = record.IsError ? _errorLine : _outputLine;
        if (!line.Begun)
        {
            line.Begun = true;
            if (!line.Continued || !prefix.IsEmpty)
                line.Buffer.Write(prefix.Span);

            if (timestamps && !line.Continued && !record.Stamp.IsEmpty)
            {
                line.Buffer.Write(record.Stamp.Span);
                line.Buffer.Write(" "u8);
            }
        }

        line.Buffer.Write(record.Content.Span);
        if (!record.IsPartial)
            End(line, record.IsError, continues: false);
        else if (line.Buffer.WrittenCount >= LongestLine)
            End(line, record.IsError, continues: true);
    }

    /// <summary>Prints what has no end yet, when no more will come.</summary>
    public void Finish()
    {
        if (_outputLine.Begun)
            End(_outputLine, isError: false, continues: false);

        if (_errorLine.Begun)
            End(_errorLine, isError: true, continues: false);
    }

    private void End(Line line, bool isError, bool continues)
    {
        // A container alone keeps its long lines in one; among several each piece is a line.
        if (!continues || !prefix.IsEmpty)
            line.Buffer.Write("\n"u8);

        lock (gate)
        {
            var stream = isError ? error : output;
            stream.Write(line.Buffer.WrittenSpan);
            stream.Flush();
        }

        line.Buffer.ResetWrittenCount();
        line.Begun = false;
        line.Continued = continues;
    }

    private sealed class Line
    {
        public ArrayBufferWriter<byte> Buffer { get; } = new();

        public bool Begun { get; set; }

        /// <summary>Whether the next record goes on with a line whose beginning is already printed.</summary>
        public bool Continued { get; set; }
    }
}
