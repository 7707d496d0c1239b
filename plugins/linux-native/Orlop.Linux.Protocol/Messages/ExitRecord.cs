using System.Globalization;
using System.Text;

namespace Orlop.Linux.Protocol;

/// <summary>
/// How a process ended, as the supervisor leaves it in <c>STATE_DIR/exits/KEY</c> before it tells anybody (R5), for a client that comes when the
/// supervisor has gone too. Text, a line for each field, with <c>end</c> as the last line.
/// </summary>
internal readonly record struct ExitRecord
{
    /// <summary>The folder under the state folder.</summary>
    public const string Folder = "exits";

    /// <summary>What it was.</summary>
    public ProcessKind Kind { get; init; }

    /// <summary>Its id.</summary>
    public int ProcessId { get; init; }

    /// <summary>The status of wait(2).</summary>
    public int Status { get; init; }

    /// <summary>When it was started: nanoseconds since 1970-01-01 UTC.</summary>
    public long StartedAt { get; init; }

    /// <summary>When its end was seen.</summary>
    public long ExitedAt { get; init; }

    /// <summary>How many processes of its cgroup the kernel killed for memory while it ran.</summary>
    public long OomKills { get; init; }

    /// <summary>The file's content.</summary>
    public byte[] Format() => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"kind {(byte)Kind}\npid {ProcessId}\nstatus {Status}\nstarted {StartedAt}\nexited {ExitedAt}\noom {OomKills}\nend\n"));

    /// <summary>Reads the file; unknown lines are skipped.</summary>
    /// <returns>False when it is cut off or garbled.</returns>
    public static bool TryParse(ReadOnlySpan<byte> content, out ExitRecord record)
    {
        record = default;
        while (!content.IsEmpty)
        {
            int newline = content.IndexOf((byte)'\n');
            if (newline < 0) return false;
            ReadOnlySpan<byte> line = content[..newline];
            content = content[(newline + 1)..];
            if (line.SequenceEqual("end"u8)) return true;
            int space = line.IndexOf((byte)' ');
            if (space < 0 || !long.TryParse(line[(space + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)) return false;
            record = line[..space] switch
            {
                var name when name.SequenceEqual("kind"u8) => record with { Kind = (ProcessKind)(byte)value },
                var name when name.SequenceEqual("pid"u8) => record with { ProcessId = (int)value },
                var name when name.SequenceEqual("status"u8) => record with { Status = (int)value },
                var name when name.SequenceEqual("started"u8) => record with { StartedAt = value },
                var name when name.SequenceEqual("exited"u8) => record with { ExitedAt = value },
                var name when name.SequenceEqual("oom"u8) => record with { OomKills = value },
                _ => record,
            };
        }

        return false;
    }
}
