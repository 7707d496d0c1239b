using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Layers;
using Orlop.Layers.Compression;
using Orlop.Layers.Digests;
using Orlop.Registry.Content;
using Orlop.Registry.Store;
using Orlop.Snapshots;

namespace Orlop.Registry.Pull;

/// <summary>Unpacks a layer's blob into a snapshotter and verifies that it is what the image's configuration names.</summary>
internal sealed class LayerUnpacker(ContentStore content)
{
    private readonly KeyedLock _layers = new();

    /// <summary>Unpacks a layer unless it is there.</summary>
    /// <exception cref="DamagedBlobException">The blob was damaged on disk and is removed: fetch it again.</exception>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.DataLoss"/> when its diff id differs; <see cref="ErrorKind.InvalidArgument"/> when it is no layer.</exception>
    public async Task UnpackAsync(ISnapshotter snapshotter, LayerReference layer, string chainId, string? parentChainId, CancellationToken cancellationToken)
    {
        try
        {
            await UnpackOnceAsync(snapshotter, layer, chainId, parentChainId, cancellationToken);
        }
        catch (RuntimeException e) when (e.Kind is ErrorKind.DataLoss or ErrorKind.InvalidArgument or ErrorKind.NotFound)
        {
            // The image's fault, or that of the disk?
            if (await content.VerifyAsync(layer.Digest, cancellationToken))
                throw;
            throw new DamagedBlobException(layer.Digest, e);
        }
    }

    private async Task UnpackOnceAsync(ISnapshotter snapshotter, LayerReference layer, string chainId, string? parentChainId, CancellationToken cancellationToken)
    {
        using var held = await _layers.EnterAsync($"{snapshotter.Name} {chainId}", cancellationToken);
        if (snapshotter.HasLayer(chainId))
            return;

        await using var blob = await content.OpenAsync(layer.Digest, cancellationToken);
        var expected = Digest.Parse(layer.DiffId);
        try
        {
            await using var transaction = await snapshotter.BeginLayerAsync(chainId, parentChainId, cancellationToken);

            // Two threads: one decompresses and hashes, the other writes files.
            var archive = new DigestStream(LayerDecompression.Open(blob), expected.Algorithm);
            await using var ahead = new ReadAheadStream(archive);
            await transaction.ApplyAsync(ahead, cancellationToken);
            await ahead.DrainAsync(cancellationToken);
            var actual = archive.Finish();
            if (actual != expected)
                throw new RuntimeException(ErrorKind.DataLoss, $"layer {layer.Digest} unpacks to {actual}, but the image's configuration names {expected}");
            await transaction.CommitAsync(cancellationToken);
        }
        catch (LayerFormatException e)
        {
            throw new RuntimeException(ErrorKind.InvalidArgument, $"layer {layer.Digest}: {e.Message}", e);
        }
    }
}
