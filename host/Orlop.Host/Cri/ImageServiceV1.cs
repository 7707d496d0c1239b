using Grpc.Core;
using Orlop.Abstractions.Errors;
using Orlop.Cri.V1;
using Orlop.Host.Cri.Mapping;
using Orlop.Host.Engine;
using Orlop.Host.Engine.Pods;

namespace Orlop.Host.Cri;

/// <summary>CRI <c>ImageService</c>: translates and hands on.</summary>
internal sealed class ImageServiceV1(EngineGate gate) : ImageService.ImageServiceBase
{
    private EngineParts Parts => gate.Engine.Runtime.Parts;

    public override Task<ListImagesResponse> ListImages(ListImagesRequest request, ServerCallContext context)
    {
        var response = new ListImagesResponse();
        response.Images.AddRange(Images(request.Filter));
        return Task.FromResult(response);
    }

    public override Task StreamImages(StreamImagesRequest request, IServerStreamWriter<StreamImagesResponse> responseStream, ServerCallContext context) =>
        Chunks.WriteAsync(Images(request.Filter), responseStream, chunk => new StreamImagesResponse { Images = { chunk } }, context.CancellationToken);

    public override Task<ImageStatusResponse> ImageStatus(ImageStatusRequest request, ServerCallContext context)
    {
        string reference = Reference(request.Image);
        var response = new ImageStatusResponse();
        if (Parts.Images.Find(reference) is { } image)
        {
            response.Image = ImageMapping.ToImage(image);
            if (request.Verbose) response.Info.Add(VerboseInfo.OfImage(image));
        }

        if (request.Verbose && gate.Engine.Pulls.ProgressOf(reference) is { } progress) response.Info.Add(VerboseInfo.OfPull(progress));
        return Task.FromResult(response);
    }

    public override async Task<PullImageResponse> PullImage(PullImageRequest request, ServerCallContext context)
    {
        var image = await gate.Engine.Pulls.PullAsync(
            Reference(request.Image),
            ImageMapping.ToCredentials(request.Auth),
            request.SandboxConfig?.Metadata?.Namespace,
            request.Image.RuntimeHandler,
            context.CancellationToken);
        return new PullImageResponse { ImageRef = image.Id };
    }

    public override async Task<RemoveImageResponse> RemoveImage(RemoveImageRequest request, ServerCallContext context)
    {
        await gate.Engine.Pulls.RemoveAsync(Reference(request.Image), context.CancellationToken);
        return new RemoveImageResponse();
    }

    public override Task<ImageFsInfoResponse> ImageFsInfo(ImageFsInfoRequest request, ServerCallContext context)
    {
        // The kubelet uses the first: the one of the default handler.
        var response = new ImageFsInfoResponse();
        foreach (var snapshotter in Parts.Handlers.SnapshottersInUse)
        {
            response.ImageFilesystems.Add(StatsMapping.Of(snapshotter.Usage));
            response.ContainerFilesystems.Add(StatsMapping.Of(snapshotter.Usage));
        }

        return Task.FromResult(response);
    }

    private IEnumerable<Image> Images(ImageFilter? filter)
    {
        string wanted = filter?.Image?.Image ?? "";
        if (wanted.Length == 0) return Parts.Images.Images.Select(ImageMapping.ToImage);
        return Parts.Images.Find(wanted) is { } image ? [ImageMapping.ToImage(image)] : [];
    }

    private static string Reference(ImageSpec? image) => image is { Image.Length: > 0 }
        ? image.Image
        : throw RuntimeException.InvalidArgument("the request names no image; set image.image to a name, a digest or an id");
}
