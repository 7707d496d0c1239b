using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Images;

namespace Orlop.Host.Tests.Engine.Fakes;

internal sealed class FakeImages : IImageSource
{
    public string Name => "fake";

    public Image Image { get; set; } = new()
    {
        Id = "sha256:1111",
        RepoDigests = ["example.test/app@sha256:2222"],
        Size = 1,
        DiffIds = ["sha256:3333"],
        ChainId = "sha256:3333",
        Configuration = new ImageConfiguration { Config = new ImageProcess { Entrypoint = ["/app"], Cmd = ["serve"], StopSignal = "SIGQUIT" } },
        PulledAt = DateTimeOffset.UnixEpoch,
    };

    public IReadOnlyList<Image> Images => [Image];

    public FilesystemUsage ContentUsage => new(DateTimeOffset.UnixEpoch, "/", 0, 0);

    public Image? Find(string reference) => reference == "app" ? Image : null;

    public Func<CancellationToken, Task> BeforePull { get; set; } = _ => Task.CompletedTask;

    public Func<CancellationToken, Task> BeforeRemove { get; set; } = _ => Task.CompletedTask;

    public int Removed { get; private set; }

    public async Task<Image> PullAsync(PullRequest request, IPhase phase, CancellationToken cancellationToken)
    {
        await BeforePull(cancellationToken);
        if (request.Approve is { } approve) await approve(new ResolvedImage(request.Reference, "sha256:2222", ReadOnlyMemory<byte>.Empty), cancellationToken);
        return Image;
    }

    public Task UnpackAsync(Image image, ISnapshotter snapshotter, IPhase phase, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task RemoveAsync(string reference, CancellationToken cancellationToken)
    {
        await BeforeRemove(cancellationToken);
        Removed++;
    }
}
