namespace Orlop.Linux.Protocol;

/// <summary>Asks the path helper for something of the node; see <see cref="PathOperation"/>.</summary>
/// <param name="Operation">What to do.</param>
/// <param name="Path">With which path.</param>
internal readonly record struct PathRequest(PathOperation Operation, string Path)
{
    /// <summary>Builds the frame.</summary>
    public ReadOnlyMemory<byte> ToFrame(int descriptors)
    {
        var w = new WireWriter();
        w.Byte((byte)Operation);
        w.Text(Path);
        return w.Complete(MessageKind.Path, id: 1, descriptors);
    }

    /// <summary>Reads the body.</summary>
    public static PathRequest Read(ReadOnlySpan<byte> body)
    {
        var r = new WireReader(body);
        return new PathRequest((PathOperation)r.Byte(), r.Text());
    }
}
