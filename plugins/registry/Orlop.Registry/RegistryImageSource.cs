using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Registry.Content;
using Orlop.Registry.Http;
using Orlop.Registry.Pull;
using Orlop.Registry.References;
using Orlop.Registry.Store;

namespace Orlop.Registry;

/// <summary>The plug point <c>registry</c>: images from registries.</summary>
internal sealed class RegistryImageSource(
    ImageStore images, ImagePuller puller, ContentCollector collector, ContentStore content, ILogger<RegistryImageSource> logger) : IImageSource
{
    // cri-api pkg/errors: ErrRegistryUnavailable; the kubelet knows it by this start of the message.
    private const string UnavailablePrefix = "RegistryUnavailable: ";

    public string Name => "registry";

    public IReadOnlyList<Image> Images => images.Index.Images;

    public FilesystemUsage ContentUsage => content.Usage;

    public Image? Find(string reference) => images.Index.Find(reference)?.Image;

    public async Task<Image> PullAsync(PullRequest request, IPhase phase, CancellationToken cancellationToken)
    {
        var reference = ImageReference.Parse(request.Reference);
        collector.Include(request.Snapshotter);
        try
        {
            return await puller.PullAsync(reference, request, phase, cancellationToken);
        }
        catch (Exception e) when (CanExplain(e))
        {
            var explained = Explain($"pull \"{reference}\"", e);
            logger.PullFailed(explained.Message);
            if (explained.Kind == ErrorKind.ResourceExhausted)
                await collector.CollectAsync(CancellationToken.None); // of what was fetched, too
            throw explained;
        }
    }

    public async Task UnpackAsync(Image image, ISnapshotter snapshotter, IPhase phase, CancellationToken cancellationToken)
    {
        if (image.ChainId is null || snapshotter.HasLayer(image.ChainId))
            return;
        if (!images.Index.ById.TryGetValue(image.Id, out var stored))
            throw RuntimeException.NotFound($"image {image.Id} is not here any more");
        collector.Include(snapshotter);
        try
        {
            await puller.UnpackAsync(stored.Record, snapshotter, phase, cancellationToken);
        }
        catch (Exception e) when (CanExplain(e))
        {
            throw Explain($"unpack image {image.Id} into snapshotter {snapshotter.Name}", e);
        }
    }

    public async Task RemoveAsync(string reference, CancellationToken cancellationToken)
    {
        if (await images.RemoveAsync(reference, cancellationToken))
            await collector.CollectAsync(cancellationToken);
    }

    private static bool CanExplain(Exception exception) =>
        exception is RegistryException or RuntimeException or DamagedBlobException or IOException or UnauthorizedAccessException;

    // A policy's refusal keeps its own start, which the kubelet knows too.
    private static RuntimeException Explain(string what, Exception exception) => exception switch
    {
        RegistryException e => new RuntimeException(e.Kind, $"{(e.IsUnavailable ? UnavailablePrefix : "")}{what}: {e.Message}", e),
        RuntimeException e when e.Message.StartsWith("SignatureValidationFailed", StringComparison.Ordinal) => e,
        RuntimeException e => new RuntimeException(e.Kind, $"{what}: {e.Message}", e),
        _ => new RuntimeException(ErrorKind.Internal, $"{what}: {exception.Message}", exception),
    };
}
