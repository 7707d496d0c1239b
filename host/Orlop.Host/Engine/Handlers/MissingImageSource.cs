using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;

namespace Orlop.Host.Engine.Handlers;

/// <summary>Stands for an image plugin that is missing or broken: has no image and says why.</summary>
internal sealed class MissingImageSource(string name, string reason, TimeProvider clock) : IImageSource
{
    public string Name => name;

    public IReadOnlyList<Image> Images => [];

    public FilesystemUsage ContentUsage => new(clock.GetUtcNow(), "/", 0, 0);

    public Image? Find(string reference) => null;

    public Task<Image> PullAsync(PullRequest request, IPhase phase, CancellationToken cancellationToken) => throw Error();

    public Task UnpackAsync(Image image, ISnapshotter snapshotter, IPhase phase, CancellationToken cancellationToken) => throw Error();

    public Task RemoveAsync(string reference, CancellationToken cancellationToken) => throw Error();

    private RuntimeException Error() => RuntimeException.Unavailable($"image plugin \"{name}\": {reason}; see `orlop plugins`");
}
