using Orlop.Cli.Client;
using Orlop.Cri.V1;

namespace Orlop.Cli.Commands.Listing;

/// <summary>The name to show for a container's image, which kubelets from 1.36 on name by its id only.</summary>
internal sealed class ImageNames
{
    private readonly Dictionary<string, string> _nameById;

    private ImageNames(IEnumerable<Image> images) =>
        _nameById = images.ToDictionary(image => image.Id, image => image.RepoTags.Concat(image.RepoDigests).FirstOrDefault(""), StringComparer.Ordinal);

    public static async Task<ImageNames> ReadAsync(CriClient cri, CancellationToken cancellationToken) =>
        new(await cri.ImagesAsync(cancellationToken));

    public string Of(Container container)
    {
        if (container.Image is { UserSpecifiedImage.Length: > 0 } spec)
            return spec.UserSpecifiedImage;

        string asked = container.Image?.Image ?? "";
        if (asked != container.ImageId && !asked.StartsWith("sha256:", StringComparison.Ordinal))
            return asked;

        return _nameById.TryGetValue(container.ImageId.Length > 0 ? container.ImageId : asked, out string? name) && name.Length > 0
            ? name
            : ShortId.Of(asked);
    }
}
