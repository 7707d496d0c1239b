namespace Orlop.Linux.Protocol;

/// <summary>A request that names a process and nothing else.</summary>
/// <param name="Key">The process.</param>
internal readonly record struct KeyRequest(string Key)
{
    /// <summary>Builds the frame.</summary>
    public ReadOnlyMemory<byte> ToFrame(MessageKind kind, uint id)
    {
        var w = new WireWriter();
        w.Text(Key);
        return w.Complete(kind, id);
    }

    /// <summary>Reads the body.</summary>
    public static KeyRequest Read(ReadOnlySpan<byte> body) => new(new WireReader(body).Text());
}
