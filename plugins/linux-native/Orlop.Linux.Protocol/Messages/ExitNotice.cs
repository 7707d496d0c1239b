namespace Orlop.Linux.Protocol;

/// <summary>How a process ended.</summary>
internal sealed class ExitNotice
{
    /// <summary>The process.</summary>
    public required string Key { get; init; }

    /// <summary>What it is.</summary>
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

    /// <summary>Whether the run timeout ended it.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Bytes of output that were dropped: over the capture limit, or that the log did not take.</summary>
    public long DroppedBytes { get; init; }

    /// <summary>Whether somebody else still held the output open when the time to drain it was over.</summary>
    public bool OutputCut { get; init; }

    /// <summary>Builds the frame.</summary>
    /// <param name="id">The launch's id, or 0 for an event.</param>
    public ReadOnlyMemory<byte> ToFrame(uint id)
    {
        var w = new WireWriter();
        w.Text(Key);
        w.Byte((byte)Kind);
        w.Int32(ProcessId);
        w.Int32(Status);
        w.Int64(StartedAt);
        w.Int64(ExitedAt);
        w.Int64(OomKills);
        w.Flag(TimedOut);
        w.Int64(DroppedBytes);
        w.Flag(OutputCut);
        return w.Complete(MessageKind.Exited, id);
    }

    /// <summary>Reads the body.</summary>
    public static ExitNotice Read(ReadOnlySpan<byte> body)
    {
        var r = new WireReader(body);
        return new ExitNotice
        {
            Key = r.Text(),
            Kind = (ProcessKind)r.Byte(),
            ProcessId = r.Int32(),
            Status = r.Int32(),
            StartedAt = r.Int64(),
            ExitedAt = r.Int64(),
            OomKills = r.Int64(),
            TimedOut = r.Flag(),
            DroppedBytes = r.Int64(),
            OutputCut = r.Flag(),
        };
    }
}
