using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;

namespace Orlop.Abstractions.Images;

/// <summary>Keeps unpacked layers and makes root file systems from them.</summary>
/// <remarks>A layer is known by its chain id (OCI image spec, "Layer ChainID"), a root file system by the key of who asked for it.</remarks>
public interface ISnapshotter : IPlugPoint
{
    /// <summary>The folder whose file system holds the snapshots; CRI <c>FilesystemUsage.fs_id.mountpoint</c>.</summary>
    string Folder { get; }

    /// <summary>Whether a layer is here, whole.</summary>
    bool HasLayer(string chainId);

    /// <summary>The chain ids of all layers.</summary>
    IReadOnlyCollection<string> Layers { get; }

    /// <summary>Starts to unpack a layer on top of its parent.</summary>
    /// <param name="chainId">The layer.</param>
    /// <param name="parentChainId">The layer below; null for the lowest.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<ILayerTransaction> BeginLayerAsync(string chainId, string? parentChainId, CancellationToken cancellationToken);

    /// <summary>Removes a layer; no error when there is none.</summary>
    /// <exception cref="Errors.RuntimeException"><see cref="Errors.ErrorKind.FailedPrecondition"/> when another layer or a snapshot stands on it.</exception>
    Task RemoveLayerAsync(string chainId, CancellationToken cancellationToken);

    /// <summary>Makes a root file system on top of a layer. The same key and layer again gives the same snapshot.</summary>
    /// <param name="key">Who asks: a container id.</param>
    /// <param name="chainId">The top layer; null for an empty root.</param>
    /// <param name="readOnly">No writable layer: for image volumes.</param>
    /// <param name="phase">The running phase.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<Snapshot> PrepareAsync(string key, string? chainId, bool readOnly, IPhase phase, CancellationToken cancellationToken);

    /// <summary>Removes a snapshot with all that was written to it; no error when there is none.</summary>
    Task RemoveAsync(string key, CancellationToken cancellationToken);

    /// <summary>The keys of all snapshots.</summary>
    IReadOnlyCollection<string> Keys { get; }

    /// <summary>What the writable layer of a snapshot takes; counted in the background, never on the request's path. Null when not counted yet.</summary>
    FilesystemUsage? UsageOf(string key);

    /// <summary>What all layers and snapshots take; counted in the background.</summary>
    FilesystemUsage Usage { get; }
}
