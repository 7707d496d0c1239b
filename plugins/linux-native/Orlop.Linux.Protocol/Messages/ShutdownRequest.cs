namespace Orlop.Linux.Protocol;

/// <summary>Ends the supervisor.</summary>
/// <param name="Kill">Whether to kill what still runs.</param>
internal readonly record struct ShutdownRequest(bool Kill)
{
    /// <summary>Builds the frame.</summary>
    public ReadOnlyMemory<byte> ToFrame(uint id)
    {
        var w = new WireWriter();
        w.Flag(Kill);
        return w.Complete(MessageKind.Shutdown, id);
    }

    /// <summary>Reads the body.</summary>
    public static ShutdownRequest Read(ReadOnlySpan<byte> body) => new(new WireReader(body).Flag());
}
