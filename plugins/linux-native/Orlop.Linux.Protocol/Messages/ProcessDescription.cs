namespace Orlop.Linux.Protocol;

/// <summary>A process that the supervisor knows.</summary>
internal sealed class ProcessDescription
{
    /// <summary>Its key.</summary>
    public required string Key { get; init; }

    /// <summary>What it is.</summary>
    public ProcessKind Kind { get; init; }

    /// <summary>Where it is in its life.</summary>
    public ProcessState State { get; init; }

    /// <summary>Its id; 0 while it starts.</summary>
    public int ProcessId { get; init; }

    /// <summary>Field 22 of <c>/proc/PID/stat</c>.</summary>
    public long StartTicks { get; init; }

    /// <summary>When it was started: nanoseconds since 1970-01-01 UTC.</summary>
    public long StartedAt { get; init; }

    /// <summary>When its end was seen; 0 while it runs.</summary>
    public long ExitedAt { get; init; }

    /// <summary>The status of wait(2) once it has ended.</summary>
    public int Status { get; init; }

    /// <summary>How many processes of its cgroup the kernel killed for memory while it ran.</summary>
    public long OomKills { get; init; }

    /// <summary>Bytes of output that were dropped.</summary>
    public long DroppedBytes { get; init; }

    /// <summary>The errno of the last failed write to its log; 0 when the last one succeeded.</summary>
    public int LogErrno { get; init; }

    internal void Write(WireWriter w)
    {
        w.Text(Key);
        w.Byte((byte)Kind);
        w.Byte((byte)State);
        w.Int32(ProcessId);
        w.Int64(StartTicks);
        w.Int64(StartedAt);
        w.Int64(ExitedAt);
        w.Int32(Status);
        w.Int64(OomKills);
        w.Int64(DroppedBytes);
        w.Int32(LogErrno);
    }

    internal static ProcessDescription Read(ReadOnlySpan<byte> bytes)
    {
        var r = new WireReader(bytes);
        return new ProcessDescription
        {
            Key = r.Text(),
            Kind = (ProcessKind)r.Byte(),
            State = (ProcessState)r.Byte(),
            ProcessId = r.Int32(),
            StartTicks = r.Int64(),
            StartedAt = r.Int64(),
            ExitedAt = r.Int64(),
            Status = r.Int32(),
            OomKills = r.Int64(),
            DroppedBytes = r.Int64(),
            LogErrno = r.Int32(),
        };
    }
}
