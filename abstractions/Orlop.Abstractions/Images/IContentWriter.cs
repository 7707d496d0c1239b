namespace Orlop.Abstractions.Images;

/// <summary>A blob that is being written. Disposed without a commit, it keeps what it has for a later attempt.</summary>
public interface IContentWriter : IAsyncDisposable
{
    /// <summary>Bytes that are here already, from this attempt or an earlier one: where a range request goes on.</summary>
    long Offset { get; }

    /// <summary>Appends.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Throws away what is here and starts at 0 again.</summary>
    ValueTask RestartAsync(CancellationToken cancellationToken);

    /// <summary>Verifies the digest and makes the blob durable and visible: data, fsync, rename, fsync of the folder (R11).</summary>
    /// <exception cref="Errors.RuntimeException"><see cref="Errors.ErrorKind.DataLoss"/> when the digest differs; the bytes are thrown away.</exception>
    ValueTask CommitAsync(CancellationToken cancellationToken);
}
