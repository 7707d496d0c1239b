using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.PluginContracts;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Pull;

/// <summary>What a pull gives, and what it asks the registry for.</summary>
public sealed class PullTests : PullTest
{
    [Fact]
    public async Task An_image_knows_the_digests_of_its_index_and_of_its_manifest()
    {
        var image = Image().InIndex();
        Registry.Add("app", "1", image);

        var pulled = await Plugin.PullAsync(Name("app:1"));

        pulled.Id.Should().Be(image.Id);
        pulled.RepoTags.Should().Equal(Name("app:1"));
        pulled.RepoDigests.Should().BeEquivalentTo(Name($"app@{image.Index}"), Name($"app@{image.Manifest}"));
        pulled.DiffIds.Should().Equal(image.DiffIds);
        pulled.Configuration.Config!.Env.Should().Equal("A=b");
        pulled.Size.Should().Be(image.LayerBlobs.Sum(b => image.Blobs[b].Length) + image.Blobs[image.Id].Length + image.Manifests[image.Manifest].Bytes.Length);
    }

    [Fact]
    public async Task Docker_images_zstd_and_uncompressed_layers_are_pulled()
    {
        byte[][] layers = [TarBuilder.Layer(t => t.File("a", "1")), TarBuilder.Layer(t => t.File("b", "2"))];
        Registry.Add("docker", "1", TestImage.Make(layers, docker: true, label: "d").InIndex(docker: true));
        Registry.Add("zstd", "1", TestImage.Make(layers, compress: TestImage.Zstd, label: "z"));
        Registry.Add("plain", "1", TestImage.Make(layers, compress: b => b, label: "p"));

        foreach (string name in (string[])["docker", "zstd", "plain"])
            (await Plugin.PullAsync(Name(name + ":1"))).RepoTags.Should().Equal(Name(name + ":1"));
        Plugin.Overlay.Layers.Should().HaveCount(2, "the layers are the same");
    }

    [Fact]
    public async Task An_image_without_layers_is_an_image()
    {
        Registry.Add("empty", "1", TestImage.Of());
        var image = await Plugin.PullAsync(Name("empty:1"));
        image.ChainId.Should().BeNull();
        image.Size.Should().BePositive();
    }

    [Fact]
    public async Task A_second_pull_asks_the_registry_and_fetches_nothing()
    {
        Registry.Add("app", "1", Image().InIndex());
        var first = await Plugin.PullAsync(Name("app:1"));
        Registry.Requests.Clear();

        (await Plugin.PullAsync(Name("app:1"))).Id.Should().Be(first.Id);

        Registry.Requests.Should().Equal("HEAD /v2/app/manifests/1");
    }

    [Fact]
    public async Task A_pull_of_an_image_that_is_here_fails_when_the_registry_refuses()
    {
        Registry.Add("app", "1", Image());
        await Plugin.PullAsync(Name("app:1"));
        Registry.Intercept = c => StubRegistry.AnswerAsync(c, 403, """{"errors":[{"code":"DENIED","message":"not yours"}]}""");

        var error = await FailureOf(Name("app:1"));

        error.Kind.Should().Be(ErrorKind.PermissionDenied);
    }

    [Fact]
    public async Task Two_pulls_at_once_download_every_blob_once()
    {
        var image = Image();
        Registry.Add("app", "1", image).Add("other", "2", image);
        Registry.Intercept = async c =>
        {
            if (c.Request.RawUrl!.Contains("/blobs/", StringComparison.Ordinal))
                await Task.Delay(50);
            return false;
        };

        await Task.WhenAll(Plugin.PullAsync(Name("app:1")), Plugin.PullAsync(Name("other:2")), Plugin.PullAsync(Name("app:1")));

        Registry.Count("/blobs/").Should().Be(image.Blobs.Count);
        Plugin.Source.Images.Should().ContainSingle().Which.RepoTags.Should().Equal(Name("app:1"), Name("other:2"));
    }

    [Fact]
    public async Task A_tag_that_moves_leaves_the_image_that_had_it()
    {
        var old = Image();
        var moved = TestImage.Make([TarBuilder.Layer(t => t.File("new", "x"))], label: "new");
        Registry.Add("app", "1", old);
        await Plugin.PullAsync(Name("app:1"));
        Registry.Add("app", "1", moved);

        (await Plugin.PullAsync(Name("app:1"))).Id.Should().Be(moved.Id);

        Plugin.Source.Find(old.Id).Should().BeEquivalentTo(new { RepoTags = Array.Empty<string>(), RepoDigests = new[] { Name($"app@{old.Manifest}") } });
        Plugin.Source.Find(Name("app:1"))!.Id.Should().Be(moved.Id);
        await RestartAsync();
        Plugin.Source.Images.Select(i => (i.Id, i.RepoTags.Count)).Should().BeEquivalentTo([(old.Id, 0), (moved.Id, 1)]);
    }

    [Fact]
    public async Task A_digest_beside_a_tag_counts_alone()
    {
        var image = Image();
        Registry.Add("app", "1", image);
        var pulled = await Plugin.PullAsync(Name($"app:other@{image.Manifest}"));
        pulled.RepoTags.Should().BeEmpty();
        Plugin.Source.Find(Name($"app:other@{image.Manifest}")).Should().Be(pulled);
    }

    [Fact]
    public async Task Progress_goes_up_to_everything()
    {
        var reports = new List<PullProgress>();
        var image = TestImage.Make([Big(), TarBuilder.Layer(t => t.File("a"))], compress: b => b);
        Registry.Add("app", "1", image);
        var request = new PullRequest { Reference = Name("app:1"), Snapshotter = Plugin.Overlay, Progress = new Listener(reports.Add) };

        await Plugin.Source.PullAsync(request, NoPhase.Instance, CancellationToken.None);

        long total = image.Blobs.Values.Sum(b => (long)b.Length);
        reports.Last().Should().Be(new PullProgress(total, total, 2, 2));
        reports.Select(r => r.FetchedBytes).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task An_image_is_unpacked_into_another_snapshotter_on_demand()
    {
        Registry.Add("app", "1", Image());
        var image = await Plugin.PullAsync(Name("app:1"));
        Registry.Requests.Clear();

        await Plugin.Source.UnpackAsync(image, Plugin.Copy, NoPhase.Instance, CancellationToken.None);

        Plugin.Copy.HasLayer(image.ChainId!).Should().BeTrue();
        Registry.Requests.Should().BeEmpty();
        (await Records.ListAsync("pull/", CancellationToken.None)).Should().BeEmpty();
    }

    [Fact]
    public async Task Pinned_images_are_marked()
    {
        await RestartAsync(pinned: [Name("exact:1"), "*/team/*"]);
        Registry.Add("exact", "1", Image()).Add("team/x", "1", TestImage.Of(TarBuilder.Layer(t => t.File("x")))).Add("free", "1", TestImage.Of(TarBuilder.Layer(t => t.File("f"))));
        (await Plugin.PullAsync(Name("exact:1"))).Pinned.Should().BeTrue();
        (await Plugin.PullAsync(Name("team/x:1"))).Pinned.Should().BeTrue();
        (await Plugin.PullAsync(Name("free:1"))).Pinned.Should().BeFalse();
    }

    private sealed class Listener(Action<PullProgress> report) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => report(value);
    }
}
