namespace Orlop.Abstractions.Images;

/// <summary>A layer that is being unpacked. Disposed without a commit, it leaves nothing behind.</summary>
public interface ILayerTransaction : IAsyncDisposable
{
    /// <summary>Unpacks an uncompressed tar archive, with the whiteouts of the OCI image spec.</summary>
    /// <exception cref="Errors.RuntimeException"><see cref="Errors.ErrorKind.InvalidArgument"/> when the archive is broken or tries to leave its root; the message names the entry.</exception>
    Task ApplyAsync(Stream tar, CancellationToken cancellationToken);

    /// <summary>Makes the layer durable and visible (R11). The caller has verified the layer's diff id.</summary>
    Task CommitAsync(CancellationToken cancellationToken);
}
