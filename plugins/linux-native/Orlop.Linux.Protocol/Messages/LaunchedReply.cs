namespace Orlop.Linux.Protocol;

/// <summary>A process has been started.</summary>
/// <param name="ProcessId">Its id in the supervisor's pid namespace, the node's.</param>
/// <param name="StartedAt">When: nanoseconds since 1970-01-01 UTC.</param>
/// <param name="StartTicks">Field 22 of <c>/proc/PID/stat</c>: with the id it names the process for ever; 0 when it had ended already.</param>
internal readonly record struct LaunchedReply(int ProcessId, long StartedAt, long StartTicks)
{
    /// <summary>Builds the frame.</summary>
    public ReadOnlyMemory<byte> ToFrame(uint id)
    {
        var w = new WireWriter();
        w.Int32(ProcessId);
        w.Int64(StartedAt);
        w.Int64(StartTicks);
        return w.Complete(MessageKind.Launched, id);
    }

    /// <summary>Reads the body.</summary>
    public static LaunchedReply Read(ReadOnlySpan<byte> body)
    {
        var r = new WireReader(body);
        return new LaunchedReply(r.Int32(), r.Int64(), r.Int64());
    }
}
