using Grpc.Core;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Fakes;

/// <summary>The ImageService of the fake node.</summary>
internal sealed class FakeImageService(FakeNode node) : ImageService.ImageServiceBase
{
    public override Task<ListImagesResponse> ListImages(ListImagesRequest request, ServerCallContext context)
    {
        lock (node.Gate)
            return Task.FromResult(new ListImagesResponse { Images = { node.Images } });
    }

    public override Task<ImageStatusResponse> ImageStatus(ImageStatusRequest request, ServerCallContext context)
    {
        lock (node.Gate)
        {
            var response = new ImageStatusResponse { Image = Find(node.Images, request.Image.Image) };
            if (request.Verbose)
                response.Info["pull"] = """{"fetchedBytes":1048576,"totalBytes":4194304,"unpackedLayers":1,"totalLayers":3}""";

            return Task.FromResult(response);
        }
    }

    public override async Task<PullImageResponse> PullImage(PullImageRequest request, ServerCallContext context)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(PullMilliseconds), context.CancellationToken);
        lock (node.Gate)
        {
            node.Requests.Add(request);
            var image = Find(node.Remote, request.Image.Image)
                ?? throw new RpcException(new Status(StatusCode.NotFound, $"RegistryUnavailable: {request.Image.Image}: manifest unknown"));
            node.Images.RemoveAll(other => other.Id == image.Id);
            node.Images.Add(image);
            return new PullImageResponse { ImageRef = image.Id };
        }
    }

    public override Task<RemoveImageResponse> RemoveImage(RemoveImageRequest request, ServerCallContext context)
    {
        lock (node.Gate)
        {
            node.Requests.Add(request);
            node.Images.Remove(Find(node.Images, request.Image.Image)!);
            return Task.FromResult(new RemoveImageResponse());
        }
    }

    public int PullMilliseconds { get; set; }

    private static Image? Find(List<Image> images, string name) =>
        images.Find(image => image.Id == name || image.RepoTags.Contains(name) || image.RepoDigests.Contains(name));
}
