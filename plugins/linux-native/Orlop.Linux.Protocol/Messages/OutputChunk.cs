namespace Orlop.Linux.Protocol;

/// <summary>A piece of a captured process's output.</summary>
/// <param name="Stream">1 for standard output, 2 for standard error.</param>
/// <param name="Data">The bytes.</param>
internal readonly record struct OutputChunk(byte Stream, ReadOnlyMemory<byte> Data)
{
    /// <summary>The most bytes in one piece.</summary>
    public const int MaxData = 32 * 1024;

    /// <summary>Bytes of the body before the data.</summary>
    public const int BodyHead = 5;

    /// <summary>Reads the body.</summary>
    public static OutputChunk Read(ReadOnlySpan<byte> body)
    {
        var r = new WireReader(body);
        return new OutputChunk(r.Byte(), r.Bytes().ToArray());
    }
}
