namespace Orlop.Layers.Digests;

/// <summary>Passes on what is read from a stream, and counts and hashes it on the way.</summary>
/// <param name="inner">The stream; disposed with this one.</param>
/// <param name="algorithm">Of the digest.</param>
internal sealed class DigestStream(Stream inner, DigestAlgorithm algorithm) : ForwardStream
{
    private readonly DigestHash _hash = new(algorithm);

    /// <summary>Bytes read so far.</summary>
    public long Count { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        _hash.Append(buffer[..read]);
        Count += read;
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken);
        _hash.Append(buffer.Span[..read]);
        Count += read;
        return read;
    }

    /// <summary>Reads to the end and gives the digest of all that was read.</summary>
    public Digest Finish()
    {
        byte[] rest = new byte[1 << 16];
        while (Read(rest.AsSpan()) > 0)
        {
        }

        return _hash.Finish();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
