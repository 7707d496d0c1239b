using Orlop.Cri.V1;

namespace Orlop.Cli.Client;

internal sealed partial class CriClient
{
    public async Task<IReadOnlyList<Image>> ImagesAsync(CancellationToken cancellationToken) =>
        (await CallAsync("list the images", options => _images.ListImagesAsync(new ListImagesRequest(), options), Patience, cancellationToken)).Images;

    /// <summary>The response's image is null when there is no such image.</summary>
    public Task<ImageStatusResponse> ImageStatusAsync(string image, bool verbose, CancellationToken cancellationToken)
    {
        var request = new ImageStatusRequest { Image = new ImageSpec { Image = image }, Verbose = verbose };
        return CallAsync($"ask for image {image}", options => _images.ImageStatusAsync(request, options), Patience, cancellationToken);
    }

    /// <summary>Pulls without a deadline, as the kubelet does; the runtime gives up on a pull that makes no progress. Answers the image's id.</summary>
    public async Task<string> PullAsync(string image, AuthConfig? credentials, PodSandboxConfig? pod, CancellationToken cancellationToken)
    {
        var request = new PullImageRequest { Image = new ImageSpec { Image = image }, Auth = credentials, SandboxConfig = pod };
        return (await CallAsync($"pull {image}", options => _images.PullImageAsync(request, options), patience: null, cancellationToken)).ImageRef;
    }

    public Task RemoveImageAsync(string image, CancellationToken cancellationToken)
    {
        var request = new RemoveImageRequest { Image = new ImageSpec { Image = image } };
        return CallAsync($"remove image {image}", options => _images.RemoveImageAsync(request, options), Patience, cancellationToken);
    }
}
