namespace Orlop.Linux.Protocol;

/// <summary>Sends a signal to a process.</summary>
/// <param name="Key">The process.</param>
/// <param name="Signal">Its number.</param>
internal readonly record struct SignalRequest(string Key, int Signal)
{
    /// <summary>Builds the frame.</summary>
    public ReadOnlyMemory<byte> ToFrame(uint id)
    {
        var w = new WireWriter();
        w.Text(Key);
        w.Int32(Signal);
        return w.Complete(MessageKind.Signal, id);
    }

    /// <summary>Reads the body.</summary>
    public static SignalRequest Read(ReadOnlySpan<byte> body)
    {
        var r = new WireReader(body);
        return new SignalRequest(r.Text(), r.Int32());
    }
}
