using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;

namespace Orlop.Abstractions.Images;

/// <summary>Pulls images, keeps them and knows them by every name.</summary>
public interface IImageSource : IPlugPoint
{
    /// <summary>All images, in a stable order; an immutable snapshot, read without a lock or I/O (R3).</summary>
    IReadOnlyList<Image> Images { get; }

    /// <summary>The image of a reference: its id or an unambiguous prefix of it, a tag, a digest, or both; null when there is none.</summary>
    /// <exception cref="Errors.RuntimeException"><see cref="Errors.ErrorKind.InvalidArgument"/> when the reference cannot be one.</exception>
    Image? Find(string reference);

    /// <summary>
    /// Pulls an image and unpacks its layers into the request's snapshotter. Two pulls of the same image share one download;
    /// a pull that was cut off goes on where it stopped.
    /// </summary>
    Task<Image> PullAsync(PullRequest request, IPhase phase, CancellationToken cancellationToken);

    /// <summary>Makes sure that an image that is here is unpacked in a snapshotter.</summary>
    Task UnpackAsync(Image image, ISnapshotter snapshotter, IPhase phase, CancellationToken cancellationToken);

    /// <summary>
    /// Removes an image under all its names, by any of them. Idempotent. Layers that containers still use stay on disk
    /// until their snapshots are gone.
    /// </summary>
    Task RemoveAsync(string reference, CancellationToken cancellationToken);

    /// <summary>What the content (compressed layers, manifests) takes on disk; kept up to date in the background.</summary>
    FilesystemUsage ContentUsage { get; }
}
