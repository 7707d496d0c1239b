using System.Net;
using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.PluginContracts;
using Orlop.Registry.Http;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Pull;

public sealed class PullTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryRecordStore _records = new();
    private readonly StubRegistry _registry = new();
    private readonly LogLines _log = new();
    private Plugin _plugin = null!;

    public async Task InitializeAsync()
    {
        _plugin = await Plugin.StartAsync(_folder.Path, _records, log: _log);
        _registry.Allow(_folder);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        await _registry.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_image_knows_the_digests_of_its_index_and_of_its_manifest()
    {
        var image = Image().InIndex();
        _registry.Add("app", "1", image);

        var pulled = await _plugin.PullAsync(Name("app:1"));

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
        _registry.Add("docker", "1", TestImage.Make(layers, docker: true, label: "d").InIndex(docker: true));
        _registry.Add("zstd", "1", TestImage.Make(layers, compress: TestImage.Zstd, label: "z"));
        _registry.Add("plain", "1", TestImage.Make(layers, compress: b => b, label: "p"));

        foreach (string name in (string[])["docker", "zstd", "plain"])
            (await _plugin.PullAsync(Name(name + ":1"))).RepoTags.Should().Equal(Name(name + ":1"));
        _plugin.Overlay.Layers.Should().HaveCount(2, "the layers are the same");
    }

    [Fact]
    public async Task An_image_without_layers_is_an_image()
    {
        _registry.Add("empty", "1", TestImage.Of());
        var image = await _plugin.PullAsync(Name("empty:1"));
        image.ChainId.Should().BeNull();
        image.Size.Should().BePositive();
    }

    [Fact]
    public async Task A_second_pull_asks_the_registry_and_fetches_nothing()
    {
        _registry.Add("app", "1", Image().InIndex());
        var first = await _plugin.PullAsync(Name("app:1"));
        _registry.Requests.Clear();

        (await _plugin.PullAsync(Name("app:1"))).Id.Should().Be(first.Id);

        _registry.Requests.Should().Equal("HEAD /v2/app/manifests/1");
    }

    [Fact]
    public async Task A_pull_of_an_image_that_is_here_fails_when_the_registry_refuses()
    {
        _registry.Add("app", "1", Image());
        await _plugin.PullAsync(Name("app:1"));
        _registry.Intercept = async c =>
        {
            await StubRegistry.AnswerAsync(c, 403, """{"errors":[{"code":"DENIED","message":"not yours"}]}""");
            return true;
        };

        var error = await FailureOf(() => _plugin.PullAsync(Name("app:1")));

        error.Kind.Should().Be(ErrorKind.PermissionDenied);
    }

    [Fact]
    public async Task Two_pulls_at_once_download_every_blob_once()
    {
        var image = Image();
        _registry.Add("app", "1", image).Add("other", "2", image);
        _registry.Intercept = async c =>
        {
            if (c.Request.RawUrl!.Contains("/blobs/", StringComparison.Ordinal))
                await Task.Delay(50);
            return false;
        };

        await Task.WhenAll(_plugin.PullAsync(Name("app:1")), _plugin.PullAsync(Name("other:2")), _plugin.PullAsync(Name("app:1")));

        _registry.Count("/blobs/").Should().Be(image.Blobs.Count);
        _plugin.Source.Images.Should().ContainSingle().Which.RepoTags.Should().Equal(Name("app:1"), Name("other:2"));
    }

    [Fact]
    public async Task A_tag_that_moves_leaves_the_image_that_had_it()
    {
        var old = Image();
        var moved = TestImage.Make([TarBuilder.Layer(t => t.File("new", "x"))], label: "new");
        _registry.Add("app", "1", old);
        await _plugin.PullAsync(Name("app:1"));
        _registry.Add("app", "1", moved);

        (await _plugin.PullAsync(Name("app:1"))).Id.Should().Be(moved.Id);

        _plugin.Source.Find(old.Id).Should().BeEquivalentTo(new { RepoTags = Array.Empty<string>(), RepoDigests = new[] { Name($"app@{old.Manifest}") } });
        _plugin.Source.Find(Name("app:1"))!.Id.Should().Be(moved.Id);
        await using var restarted = await RestartAsync();
        restarted.Source.Images.Select(i => (i.Id, i.RepoTags.Count)).Should().BeEquivalentTo([(old.Id, 0), (moved.Id, 1)]);
    }

    [Fact]
    public async Task A_digest_beside_a_tag_counts_alone()
    {
        var image = Image();
        _registry.Add("app", "1", image);
        var pulled = await _plugin.PullAsync(Name($"app:other@{image.Manifest}"));
        pulled.RepoTags.Should().BeEmpty();
        _plugin.Source.Find(Name($"app:other@{image.Manifest}")).Should().Be(pulled);
    }

    [Fact]
    public async Task What_nobody_refers_to_is_collected_with_the_image()
    {
        byte[] shared = TarBuilder.Layer(t => t.File("shared", "s"));
        var a = TestImage.Make([shared, TarBuilder.Layer(t => t.File("a", "a"))], label: "a");
        var b = TestImage.Make([shared, TarBuilder.Layer(t => t.File("b", "b"))], label: "b");
        _registry.Add("a", "1", a).Add("b", "1", b);
        await _plugin.PullAsync(Name("a:1"));
        await _plugin.PullAsync(Name("b:1"));

        await _plugin.Source.RemoveAsync(Name("a:1"), CancellationToken.None);

        (await _plugin.Content.ListAsync(CancellationToken.None)).Should().BeEquivalentTo(b.Blobs.Keys.Concat(b.Manifests.Keys));
        _plugin.Overlay.Layers.Should().HaveCount(2);
        await _plugin.Source.RemoveAsync(b.Id, CancellationToken.None);
        (await _plugin.Content.ListAsync(CancellationToken.None)).Should().BeEmpty();
        _plugin.Overlay.Layers.Should().BeEmpty();
        _plugin.Source.ContentUsage.UsedBytes.Should().Be(0);
    }

    [Fact]
    public async Task Layers_that_a_container_uses_outlive_their_image()
    {
        _registry.Add("app", "1", Image());
        var image = await _plugin.PullAsync(Name("app:1"));
        await _plugin.Overlay.PrepareAsync("container", image.ChainId, readOnly: false, NoPhase.Instance, CancellationToken.None);

        await _plugin.Source.RemoveAsync(image.Id, CancellationToken.None);

        _plugin.Overlay.HasLayer(image.ChainId!).Should().BeTrue();
        await _plugin.Overlay.RemoveAsync("container", CancellationToken.None);
        await _plugin.Get<Store.ContentCollector>().CollectAsync(CancellationToken.None);
        _plugin.Overlay.Layers.Should().BeEmpty();
    }

    [Fact]
    public async Task A_broken_connection_goes_on_where_it_broke()
    {
        var image = TestImage.Make([Big()], compress: b => b);
        _registry.Add("app", "1", image);
        string blob = image.LayerBlobs[0];
        var starts = new List<int>();
        _registry.Intercept = async c =>
        {
            if (!c.Request.RawUrl!.EndsWith(blob, StringComparison.Ordinal))
                return false;
            starts.Add(StubRegistry.StartOf(c.Request));
            if (starts.Count > 3)
                return false;
            await _registry.CutAsync(c, blob, 100_000);
            return true;
        };

        await _plugin.PullAsync(Name("app:1"));

        starts.Should().HaveCount(4).And.BeInAscendingOrder();
        starts[3].Should().BeGreaterThan(0).And.BeLessThanOrEqualTo(300_000);
    }

    [Fact]
    public async Task A_pull_that_was_cancelled_goes_on_after_a_restart()
    {
        var image = TestImage.Make([Big()], compress: b => b);
        _registry.Add("app", "1", image);
        string blob = image.LayerBlobs[0];
        using var cancel = new CancellationTokenSource();
        var starts = new List<int>();
        _registry.Intercept = async c =>
        {
            if (!c.Request.RawUrl!.EndsWith(blob, StringComparison.Ordinal))
                return false;
            starts.Add(StubRegistry.StartOf(c.Request));
            if (starts.Count > 1)
                return false;
            c.Response.ContentLength64 = image.Blobs[blob].Length;
            await c.Response.OutputStream.WriteAsync(image.Blobs[blob].AsMemory(0, 200_000));
            await c.Response.OutputStream.FlushAsync();
            string partial = Path.Combine(_folder["root/content/partial"], blob.Replace(':', '-'));
            while (!File.Exists(partial) || new FileInfo(partial).Length < 200_000)
                await Task.Delay(5);
            await cancel.CancelAsync();
            c.Response.Abort();
            return true;
        };
        await FluentActions.Awaiting(() => _plugin.PullAsync(Name("app:1"), cancellationToken: cancel.Token)).Should().ThrowAsync<OperationCanceledException>();

        await using var restarted = await RestartAsync();
        await restarted.PullAsync(Name("app:1"));

        starts.Should().Equal(0, 200_000);
    }

    [Fact]
    public async Task What_a_failed_pull_left_is_kept_for_a_day()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await _plugin.DisposeAsync();
        _plugin = await Plugin.StartAsync(_folder.Path, _records, time);
        var image = TestImage.Of(TarBuilder.Layer(t => t.File("good")), "no archive at all"u8.ToArray());
        _registry.Add("app", "1", image);
        await FailureOf(() => _plugin.PullAsync(Name("app:1")));
        var collector = _plugin.Get<Store.ContentCollector>();

        await collector.CollectAsync(CancellationToken.None);
        (await _plugin.Content.ListAsync(CancellationToken.None)).Should().NotBeEmpty();
        _plugin.Overlay.Layers.Should().ContainSingle();

        time.Advance(TimeSpan.FromHours(25));
        await collector.CollectAsync(CancellationToken.None);
        (await _plugin.Content.ListAsync(CancellationToken.None)).Should().BeEmpty();
        _plugin.Overlay.Layers.Should().BeEmpty();
        (await _records.ListAsync("pull/", CancellationToken.None)).Should().BeEmpty();
    }

    [Fact]
    public async Task Bytes_with_another_digest_are_not_kept()
    {
        var image = Image();
        _registry.Add("app", "1", image);
        byte[] flipped = [.. image.Blobs[image.LayerBlobs[1]]];
        flipped[20] ^= 1;
        _registry.Replace(image.LayerBlobs[1], flipped);

        var error = await FailureOf(() => _plugin.PullAsync(Name("app:1")));

        error.Kind.Should().Be(ErrorKind.DataLoss);
        error.Message.Should().StartWith($"pull \"{Name("app:1")}\": ").And.Contain(image.LayerBlobs[1]);
        _plugin.Source.Images.Should().BeEmpty();
    }

    [Fact]
    public async Task A_manifest_with_another_digest_is_refused()
    {
        var image = Image();
        _registry.Add("app", "1", image);
        _registry.Replace(image.Manifest, "{\"schemaVersion\":2}"u8.ToArray());
        (await FailureOf(() => _plugin.PullAsync(Name($"app@{image.Manifest}")))).Kind.Should().Be(ErrorKind.DataLoss);
    }

    [Fact]
    public async Task A_layer_that_is_not_what_the_configuration_names_is_refused()
    {
        string wrong = TestImage.DigestOf("other"u8.ToArray());
        _registry.Add("app", "1", TestImage.Make([TarBuilder.Layer(t => t.File("a"))], changeConfig: c => c["rootfs"]!["diff_ids"]![0] = wrong));
        var error = await FailureOf(() => _plugin.PullAsync(Name("app:1")));
        error.Kind.Should().Be(ErrorKind.DataLoss);
        error.Message.Should().Contain(wrong);
        _plugin.Overlay.Layers.Should().BeEmpty();
    }

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(60)]
    public async Task A_gzip_layer_that_was_cut_off_before_it_was_pushed_is_refused(int missing)
    {
        byte[] tar = TarBuilder.Layer(t => t.File("a", string.Join(' ', Enumerable.Range(0, 500))));
        _registry.Add("app", "1", TestImage.Make([tar], compress: b => TestImage.Gzip(b)[..^missing]));
        (await FailureOf(() => _plugin.PullAsync(Name("app:1")))).Kind.Should().BeOneOf(ErrorKind.DataLoss, ErrorKind.InvalidArgument);
        _plugin.Overlay.Layers.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1 << 20, 1 << 10, "sends more than")]
    [InlineData(1 << 10, 1 << 20, "breaks off")]
    public async Task A_blob_of_another_size_than_the_manifest_says_is_refused(int sent, int claimed, string message)
    {
        var image = TestImage.Make([new byte[sent]], compress: b => b, changeManifest: m => m["layers"]![0]!["size"] = claimed);
        _registry.Add("app", "1", image);
        (await FailureOf(() => _plugin.PullAsync(Name("app:1")))).Message.Should().Contain(message);
    }

    [Fact]
    public async Task A_registry_that_is_busy_is_asked_again_when_it_says()
    {
        _registry.Add("app", "1", Image());
        int answers = 0;
        _registry.Intercept = async c =>
        {
            if (!c.Request.RawUrl!.Contains("/manifests/", StringComparison.Ordinal) || answers >= 3)
                return false;
            answers++;
            await StubRegistry.AnswerAsync(c, answers == 1 ? 429 : 503, "", r => r.AddHeader("Retry-After", "0"));
            return true;
        };

        await _plugin.PullAsync(Name("app:1"));

        answers.Should().Be(3);
    }

    [Fact]
    public async Task Errors_say_what_the_registry_said()
    {
        _registry.Intercept = async c =>
        {
            await StubRegistry.AnswerAsync(c, 403, """{"errors":[{"code":"DENIED","message":"requested access to the resource is denied\u0007"}]}""");
            return true;
        };
        var error = await FailureOf(() => _plugin.PullAsync(Name("private:1")));
        error.Kind.Should().Be(ErrorKind.PermissionDenied);
        error.Message.Should().Be($"pull \"{Name("private:1")}\": registry {_registry.Host} answered 403 for manifest 1: DENIED: requested access to the resource is denied ; check credentials");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    public async Task A_registry_that_stays_broken_is_unavailable(int status)
    {
        _registry.Intercept = async c =>
        {
            await StubRegistry.AnswerAsync(c, status);
            return true;
        };
        var error = await FailureOf(() => _plugin.PullAsync(Name("app:1")));
        error.Kind.Should().Be(ErrorKind.Unavailable);
        error.Message.Should().StartWith($"RegistryUnavailable: pull \"{Name("app:1")}\": ");
    }

    [Fact]
    public async Task A_registry_that_is_not_there_is_unavailable_at_once()
    {
        string name = $"127.0.0.1:{_registry.Port}/app:1";
        await _registry.DisposeAsync();
        var error = await FailureOf(() => _plugin.PullAsync(name));
        error.Message.Should().StartWith("RegistryUnavailable: ").And.Contain("cannot reach");
    }

    [Fact]
    public async Task A_manifest_of_a_gigabyte_is_refused_before_it_is_read()
    {
        long sent = 0;
        _registry.Intercept = async c =>
        {
            c.Response.SendChunked = true;
            byte[] buffer = new byte[1 << 20];
            for (int i = 0; i < 1024; i++)
            {
                await c.Response.OutputStream.WriteAsync(buffer);
                sent += buffer.Length;
            }

            c.Response.Close();
            return true;
        };
        (await FailureOf(() => _plugin.PullAsync(Name("app:1")))).Message.Should().Contain("larger than 4194304 bytes");
        sent.Should().BeLessThan(64 << 20);
    }

    [Theory]
    [InlineData("""{"schemaVersion":1,"name":"app"}""", "schema 1")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"layers":[]}""", "an index and a manifest at once")]
    [InlineData("""{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:aa","size":1},"layers":[]}""", "no container image but an artifact (application/vnd.cncf.helm.config.v1+json)")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":2,"platform":{"os":"windows","architecture":"amd64"}}]}""", "it has windows/amd64")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"digest":"../../etc/passwd","size":2}]}""", "which is no sha256 or sha512 digest")]
    [InlineData("[]", "not readable as JSON")]
    [InlineData("not json", "not readable as JSON")]
    public async Task What_is_no_image_for_this_machine_is_refused_with_the_reason(string manifest, string reason)
    {
        _registry.Intercept = async c =>
        {
            await StubRegistry.AnswerAsync(c, 200, manifest, r => r.ContentType = "");
            return true;
        };
        (await FailureOf(() => _plugin.PullAsync(Name("app:1")))).Message.Should().Contain(reason);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    public async Task A_registry_that_stops_in_the_middle_of_an_answer_is_unavailable(int status)
    {
        await _plugin.DisposeAsync();
        _plugin = await Plugin.StartAsync(_folder.Path, _records, limits: new RegistryLimits { ResponseTimeout = TimeSpan.FromMilliseconds(300) });
        var end = new TaskCompletionSource();
        _registry.Intercept = async c =>
        {
            c.Response.StatusCode = status;
            c.Response.ContentLength64 = 1000;
            if (c.Request.HttpMethod == "GET")
            {
                await c.Response.OutputStream.WriteAsync("{"u8.ToArray());
                await c.Response.OutputStream.FlushAsync();
                await end.Task;
            }

            c.Response.Abort();
            return true;
        };

        var error = await FailureOf(() => _plugin.PullAsync(Name("app:1")));

        end.SetResult();
        error.Kind.Should().Be(ErrorKind.Unavailable);
        error.Message.Should().Contain("did not answer within 0.3 s");
    }

    [Theory]
    [InlineData("""{"Env":[null]}""")]
    [InlineData("""{"Cmd":["sh",null]}""")]
    [InlineData("""{"Labels":{"a":null}}""")]
    [InlineData("""{"Env":"PATH=/bin"}""")]
    public async Task A_configuration_with_nothing_or_another_thing_in_place_of_a_text_is_refused(string process)
    {
        _registry.Add("app", "1", TestImage.Make([TarBuilder.Layer(t => t.File("a"))], changeConfig: c => c["config"] = System.Text.Json.Nodes.JsonNode.Parse(process)));

        (await FailureOf(() => _plugin.PullAsync(Name("app:1")))).Message.Should().Contain("is unreadable");
    }

    [Fact]
    public async Task A_configuration_of_hostile_depth_is_refused()
    {
        _registry.Add("app", "1", TestImage.Make([TarBuilder.Layer(t => t.File("a"))], changeConfig: c =>
        {
            var deep = new System.Text.Json.Nodes.JsonObject();
            for (int i = 0; i < 60; i++)
                deep = new System.Text.Json.Nodes.JsonObject { ["deeper"] = deep };
            c["config"] = new System.Text.Json.Nodes.JsonObject { ["Labels"] = new System.Text.Json.Nodes.JsonObject { ["deep"] = deep } };
        }));

        (await FailureOf(() => _plugin.PullAsync(Name("app:1")))).Message.Should().Contain("is unreadable");
    }

    [Fact]
    public async Task Foreign_layers_are_refused()
    {
        _registry.Add("app", "1", TestImage.Make([TarBuilder.Layer(t => t.File("a"))], docker: true, changeManifest: m =>
        {
            m["layers"]![0]!["mediaType"] = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
            m["layers"]![0]!["urls"] = new System.Text.Json.Nodes.JsonArray("https://elsewhere.example/layer");
        }));
        (await FailureOf(() => _plugin.PullAsync(Name("app:1")))).Message.Should().Contain("foreign layers");
    }

    [Fact]
    public async Task Progress_goes_up_to_everything()
    {
        var reports = new List<PullProgress>();
        var image = TestImage.Make([Big(), TarBuilder.Layer(t => t.File("a"))], compress: b => b);
        _registry.Add("app", "1", image);
        var request = new PullRequest { Reference = Name("app:1"), Snapshotter = _plugin.Overlay, Progress = new Listener(reports.Add) };

        await _plugin.Source.PullAsync(request, NoPhase.Instance, CancellationToken.None);

        long total = image.Blobs.Values.Sum(b => (long)b.Length);
        reports.Last().Should().Be(new PullProgress(total, total, 2, 2));
        reports.Select(r => r.FetchedBytes).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task An_image_that_lost_a_blob_and_its_layer_is_pulled_again_in_part()
    {
        var image = Image();
        _registry.Add("app", "1", image);
        var pulled = await _plugin.PullAsync(Name("app:1"));
        await _plugin.DisposeAsync();
        string lost = image.LayerBlobs[1];
        File.Delete(Path.Combine(_folder["root/content/blobs/sha256"], lost["sha256:".Length..]));
        string layers = _folder["root/overlay/layers"];
        Directory.Delete(Directory.GetDirectories(layers).Single(l => File.Exists(Path.Combine(l, "fs/two"))), recursive: true);

        _plugin = await Plugin.StartAsync(_folder.Path, _records, log: _log);

        _plugin.Source.Images.Should().BeEmpty("the image is not whole");
        _plugin.Overlay.HasLayer(pulled.ChainId!).Should().BeFalse();
        _registry.Requests.Clear();
        (await _plugin.PullAsync(Name("app:1"))).Id.Should().Be(pulled.Id);
        _registry.Requests.Where(r => r.Contains("/blobs/", StringComparison.Ordinal)).Should().Equal($"GET /v2/app/blobs/{lost}");
        _plugin.Overlay.HasLayer(pulled.ChainId!).Should().BeTrue();
    }

    [Fact]
    public async Task A_blob_that_was_damaged_on_disk_is_fetched_again()
    {
        var image = Image();
        _registry.Add("app", "1", image);
        var pulled = await _plugin.PullAsync(Name("app:1"));
        foreach (string digest in (string[])[image.LayerBlobs[0], image.LayerBlobs[1], image.Id])
        {
            string file = Path.Combine(_folder["root/content/blobs/sha256"], digest["sha256:".Length..]);
            byte[] bytes = await File.ReadAllBytesAsync(file);
            bytes[bytes.Length / 2] ^= 0x10;
            await File.WriteAllBytesAsync(file, bytes);
        }

        (await _plugin.PullAsync(Name("app:1"), snapshotter: _plugin.Copy)).Id.Should().Be(pulled.Id);

        _plugin.Copy.HasLayer(pulled.ChainId!).Should().BeTrue();
    }

    [Fact]
    public async Task A_configuration_that_was_damaged_on_disk_costs_its_image_until_the_next_pull()
    {
        var image = Image();
        _registry.Add("app", "1", image);
        var pulled = await _plugin.PullAsync(Name("app:1"));
        await File.WriteAllTextAsync(Path.Combine(_folder["root/content/blobs/sha256"], image.Id["sha256:".Length..]), "{}");
        await _plugin.DisposeAsync();
        _plugin = await Plugin.StartAsync(_folder.Path, _records, log: _log);
        _plugin.Source.Images.Should().BeEmpty();
        _plugin.Overlay.HasLayer(pulled.ChainId!).Should().BeTrue("the layers are as good as before");

        _registry.Requests.Clear();
        (await _plugin.PullAsync(Name("app:1"))).RepoTags.Should().Equal(Name("app:1"));
        _registry.Requests.Where(r => r.Contains("/blobs/", StringComparison.Ordinal)).Should().Equal($"GET /v2/app/blobs/{image.Id}");
    }

    [Fact]
    public async Task An_image_is_unpacked_into_another_snapshotter_on_demand()
    {
        _registry.Add("app", "1", Image());
        var image = await _plugin.PullAsync(Name("app:1"));
        _registry.Requests.Clear();

        await _plugin.Source.UnpackAsync(image, _plugin.Copy, NoPhase.Instance, CancellationToken.None);

        _plugin.Copy.HasLayer(image.ChainId!).Should().BeTrue();
        _registry.Requests.Should().BeEmpty();
        (await _records.ListAsync("pull/", CancellationToken.None)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_record_that_is_unreadable_costs_one_image()
    {
        _registry.Add("app", "1", Image());
        await _plugin.PullAsync(Name("app:1"));
        await _records.CommitAsync(new Abstractions.Records.RecordChanges().Put("image/sha256:bad", "{torn"u8.ToArray()), Abstractions.Records.Durability.Process, CancellationToken.None);
        await using var restarted = await RestartAsync();
        restarted.Source.Images.Should().ContainSingle();
    }

    [Fact]
    public async Task Pinned_images_are_marked()
    {
        await _plugin.DisposeAsync();
        _plugin = await Plugin.StartAsync(_folder.Path, _records, pinned: [Name("exact:1"), "*/team/*"]);
        _registry.Add("exact", "1", Image()).Add("team/x", "1", TestImage.Of(TarBuilder.Layer(t => t.File("x")))).Add("free", "1", TestImage.Of(TarBuilder.Layer(t => t.File("f"))));
        (await _plugin.PullAsync(Name("exact:1"))).Pinned.Should().BeTrue();
        (await _plugin.PullAsync(Name("team/x:1"))).Pinned.Should().BeTrue();
        (await _plugin.PullAsync(Name("free:1"))).Pinned.Should().BeFalse();
    }

    private static TestImage Image() => TestImage.Of(TarBuilder.Layer(t => t.File("one", "1")), TarBuilder.Layer(t => t.File("two", "2")));

    // Random, so that nothing is compressed away.
    private static byte[] Big() => TarBuilder.Layer(t => t.Entry('0', "big"u8.ToArray(), System.Security.Cryptography.RandomNumberGenerator.GetBytes(1 << 20)));

    private static async Task<RuntimeException> FailureOf(Func<Task> work) => (await FluentActions.Awaiting(work).Should().ThrowAsync<RuntimeException>()).Which;

    private string Name(string name) => $"{_registry.Host}/{name}";

    private async Task<Plugin> RestartAsync()
    {
        await _plugin.DisposeAsync();
        return await Plugin.StartAsync(_folder.Path, _records, log: _log);
    }

    private sealed class Listener(Action<PullProgress> report) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => report(value);
    }
}
