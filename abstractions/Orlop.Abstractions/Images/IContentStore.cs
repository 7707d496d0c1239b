namespace Orlop.Abstractions.Images;

/// <summary>Bytes by their digest: manifests, configurations and compressed layers.</summary>
public interface IContentStore : Plugins.IPlugPoint
{
    /// <summary>Size in bytes of a blob that is here, whole and verified; null when it is not.</summary>
    ValueTask<long?> FindAsync(string digest, CancellationToken cancellationToken);

    /// <summary>Opens a blob for reading.</summary>
    /// <exception cref="Errors.RuntimeException"><see cref="Errors.ErrorKind.NotFound"/> when it is not here.</exception>
    ValueTask<Stream> OpenAsync(string digest, CancellationToken cancellationToken);

    /// <summary>Starts, or goes on with, the writing of a blob.</summary>
    ValueTask<IContentWriter> WriteAsync(string digest, CancellationToken cancellationToken);

    /// <summary>Removes a blob; no error when there is none.</summary>
    ValueTask RemoveAsync(string digest, CancellationToken cancellationToken);

    /// <summary>The digests of all blobs.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);
}
