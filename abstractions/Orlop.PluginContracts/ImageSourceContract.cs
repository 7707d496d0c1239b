using FluentAssertions;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Xunit;

namespace Orlop.PluginContracts;

/// <summary>What every image source must do. Derive, and make an empty one with an image that it can pull.</summary>
public abstract class ImageSourceContract
{
    /// <summary>An image source without images; called anew with <paramref name="restart"/> for the same folders and records, as after a restart.</summary>
    protected abstract Task<IImageSource> CreateAsync(bool restart = false);

    /// <summary>Where layers are unpacked.</summary>
    protected abstract ISnapshotter Snapshotter { get; }

    /// <summary>A name with a tag that can be pulled, normalised.</summary>
    protected abstract string Reference { get; }

    [Fact]
    public async Task A_pulled_image_is_found_under_all_its_names()
    {
        var source = await CreateAsync();

        var image = await PullAsync(source);

        source.Images.Should().ContainSingle().Which.Should().Be(image);
        image.Size.Should().BePositive();
        image.RepoTags.Should().Contain(Reference);
        string[] names = [Reference, image.Id, image.Id["sha256:".Length..][..12], .. image.RepoDigests];
        names.Should().AllSatisfy(n => source.Find(n).Should().Be(image, n));
        image.ChainId.Should().Match<string?>(c => c == null || Snapshotter.HasLayer(c));
    }

    [Fact]
    public async Task Images_survive_a_restart()
    {
        var image = await PullAsync(await CreateAsync());

        (await CreateAsync(restart: true)).Find(Reference)!.Id.Should().Be(image.Id);
    }

    [Fact]
    public async Task Two_pulls_at_once_give_one_image()
    {
        var source = await CreateAsync();

        var images = await Task.WhenAll(PullAsync(source), PullAsync(source));

        images[0].Id.Should().Be(images[1].Id);
        source.Images.Should().ContainSingle();
    }

    [Fact]
    public async Task Removal_by_any_name_removes_all_names_and_may_be_repeated()
    {
        var source = await CreateAsync();
        var image = await PullAsync(source);

        await Task.WhenAll(source.RemoveAsync(image.Id, CancellationToken.None), source.RemoveAsync(Reference, CancellationToken.None));
        await source.RemoveAsync(Reference, CancellationToken.None);

        source.Images.Should().BeEmpty();
        source.Find(image.Id).Should().BeNull();
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_an_error_that_names_it()
    {
        var source = await CreateAsync();
        string missing = Reference + "-missing";

        var pull = () => source.PullAsync(new PullRequest { Reference = missing, Snapshotter = Snapshotter }, NoPhase.Instance, CancellationToken.None);

        (await pull.Should().ThrowAsync<RuntimeException>()).Which.Message.Should().Contain(missing);
        source.Images.Should().BeEmpty();
    }

    [Fact]
    public async Task A_refused_image_is_not_kept()
    {
        var source = await CreateAsync();
        var request = new PullRequest
        {
            Reference = Reference,
            Snapshotter = Snapshotter,
            Approve = (_, _) => throw new RuntimeException(ErrorKind.PermissionDenied, "SignatureValidationFailed: no signature"),
        };

        await source.Awaiting(s => s.PullAsync(request, NoPhase.Instance, CancellationToken.None)).Should().ThrowAsync<RuntimeException>();

        source.Images.Should().BeEmpty();
    }

    [Fact]
    public async Task A_reference_that_cannot_be_one_is_refused_by_name()
    {
        var source = await CreateAsync();

        source.Invoking(s => s.Find("Not A Reference")).Should().Throw<RuntimeException>().Which.Kind.Should().Be(ErrorKind.InvalidArgument);
    }

    private Task<Image> PullAsync(IImageSource source) =>
        source.PullAsync(new PullRequest { Reference = Reference, Snapshotter = Snapshotter }, NoPhase.Instance, CancellationToken.None);
}
