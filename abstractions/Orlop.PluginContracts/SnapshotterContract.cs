using FluentAssertions;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Xunit;

namespace Orlop.PluginContracts;

/// <summary>What every snapshotter must do. Derive, and make an empty one.</summary>
public abstract class SnapshotterContract
{
    private const string Base = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string Top = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    /// <summary>A snapshotter without layers; called anew with <paramref name="restart"/> for the same folder and records, as after a restart.</summary>
    protected abstract Task<ISnapshotter> CreateAsync(bool restart = false);

    [Fact]
    public async Task A_committed_layer_in_use_survives_a_restart()
    {
        var snapshotter = await CreateAsync();
        await AddLayerAsync(snapshotter, Base, null);
        snapshotter.HasLayer(Base).Should().BeTrue();
        await snapshotter.PrepareAsync("k", Base, readOnly: false, NoPhase.Instance, CancellationToken.None);

        var restarted = await CreateAsync(restart: true);

        restarted.HasLayer(Base).Should().BeTrue();
        restarted.Keys.Should().Equal("k");
    }

    [Fact]
    public async Task A_layer_that_is_not_committed_leaves_nothing()
    {
        var snapshotter = await CreateAsync();
        await using (var layer = await snapshotter.BeginLayerAsync(Base, null, CancellationToken.None))
        {
            await layer.ApplyAsync(new TestTar().File("a", "1").ToStream(), CancellationToken.None);
        }

        snapshotter.HasLayer(Base).Should().BeFalse();
        snapshotter.Layers.Should().BeEmpty();
        await AddLayerAsync(snapshotter, Base, null);
        snapshotter.HasLayer(Base).Should().BeTrue();
    }

    [Fact]
    public async Task An_archive_that_leaves_its_root_is_refused_by_name()
    {
        var snapshotter = await CreateAsync();
        await using var layer = await snapshotter.BeginLayerAsync(Base, null, CancellationToken.None);

        var apply = () => layer.ApplyAsync(new TestTar().File("../escaped", "1").ToStream(), CancellationToken.None);

        (await apply.Should().ThrowAsync<RuntimeException>()).Which.Message.Should().Contain("../escaped");
    }

    [Fact]
    public async Task The_same_key_gives_the_same_snapshot()
    {
        var snapshotter = await CreateAsync();
        await AddLayerAsync(snapshotter, Base, null);

        var first = await snapshotter.PrepareAsync("k", Base, readOnly: false, NoPhase.Instance, CancellationToken.None);
        var second = await snapshotter.PrepareAsync("k", Base, readOnly: false, NoPhase.Instance, CancellationToken.None);

        second.Should().BeEquivalentTo(first);
        first.Mounts.Should().NotBeEmpty();
        snapshotter.Keys.Should().Equal("k");
    }

    [Fact]
    public async Task A_removed_snapshot_is_gone_and_removing_again_is_no_error()
    {
        var snapshotter = await CreateAsync();
        await AddLayerAsync(snapshotter, Base, null);
        await snapshotter.PrepareAsync("k", Base, readOnly: false, NoPhase.Instance, CancellationToken.None);

        await snapshotter.RemoveAsync("k", CancellationToken.None);
        await snapshotter.RemoveAsync("k", CancellationToken.None);

        snapshotter.Keys.Should().BeEmpty();
    }

    [Fact]
    public async Task A_layer_in_use_is_not_removed()
    {
        var snapshotter = await CreateAsync();
        await AddLayerAsync(snapshotter, Base, null);
        await AddLayerAsync(snapshotter, Top, Base);
        await snapshotter.PrepareAsync("k", Top, readOnly: false, NoPhase.Instance, CancellationToken.None);

        await RefusesAsync(Base);
        await RefusesAsync(Top);
        await snapshotter.RemoveAsync("k", CancellationToken.None);
        await snapshotter.RemoveLayerAsync(Top, CancellationToken.None);
        await snapshotter.RemoveLayerAsync(Base, CancellationToken.None);

        snapshotter.Layers.Should().BeEmpty();

        async Task RefusesAsync(string layer) =>
            (await snapshotter.Awaiting(s => s.RemoveLayerAsync(layer, CancellationToken.None)).Should().ThrowAsync<RuntimeException>())
            .Which.Kind.Should().Be(ErrorKind.FailedPrecondition);
    }

    [Fact]
    public async Task Removing_a_layer_that_is_not_here_is_no_error()
    {
        var snapshotter = await CreateAsync();

        await snapshotter.RemoveLayerAsync(Base, CancellationToken.None);

        snapshotter.Layers.Should().BeEmpty();
    }

    [Fact]
    public async Task A_snapshot_of_a_layer_that_is_not_here_is_refused_by_name()
    {
        var snapshotter = await CreateAsync();

        var prepare = () => snapshotter.PrepareAsync("k", Base, readOnly: false, NoPhase.Instance, CancellationToken.None);

        (await prepare.Should().ThrowAsync<RuntimeException>()).Which.Message.Should().Contain(Base);
        snapshotter.Keys.Should().BeEmpty();
    }

    private static async Task AddLayerAsync(ISnapshotter snapshotter, string chainId, string? parent)
    {
        await using var layer = await snapshotter.BeginLayerAsync(chainId, parent, CancellationToken.None);
        await layer.ApplyAsync(new TestTar().Folder("etc").File("etc/name", chainId).Link("etc/link", "/etc/name").ToStream(), CancellationToken.None);
        await layer.CommitAsync(CancellationToken.None);
    }
}
