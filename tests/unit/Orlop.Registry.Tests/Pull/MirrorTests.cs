using Orlop.Abstractions.Errors;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Pull;

public sealed class MirrorTests : PullTest
{
    private readonly StubRegistry _mirror = new();
    private readonly TestImage _image = TestImage.Of(TarBuilder.Layer(t => t.File("one", "1")));

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Registry.Add("team/app", "1", _image);
        Configure($"""
            server = "http://{Registry.Host}"
            [host."http://{_mirror.Host}"]
            [host."http://{_mirror.Host}".header]
            x-secret = "s3cret"
            """);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _mirror.DisposeAsync();
    }

    [Fact]
    public async Task A_mirror_serves_under_the_name_of_theRegistry()
    {
        _mirror.Add("team/app", "1", _image);
        string? header = null;
        _mirror.Intercept = c =>
        {
            header = c.Request.Headers["x-secret"];
            return Task.FromResult(false);
        };

        (await Plugin.PullAsync("images.example/team/app:1")).RepoTags.Should().Equal("images.example/team/app:1");

        Registry.Requests.Should().BeEmpty();
        _mirror.Requests.First().Should().Be("GET /v2/team/app/manifests/1?ns=images.example");
        header.Should().Be("s3cret");
    }

    [Fact]
    public async Task What_a_mirror_has_not_comes_from_theRegistry()
    {
        await Plugin.PullAsync("images.example/team/app:1");
        _mirror.Requests.Should().NotBeEmpty();
        Registry.Count("/blobs/").Should().Be(_image.Blobs.Count);
    }

    [Fact]
    public async Task A_mirror_that_is_down_costs_one_attempt()
    {
        await _mirror.DisposeAsync();
        await Plugin.PullAsync("images.example/team/app:1").WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_mirror_that_may_not_resolve_is_asked_for_digests_only()
    {
        Configure($"""
            server = "http://{Registry.Host}"
            [host."http://{_mirror.Host}"]
            capabilities = ["pull"]
            """);
        _mirror.Add("team/app", "1", TestImage.Of(TarBuilder.Layer(t => t.File("stale")))).Add("team/app", "0", _image);

        (await Plugin.PullAsync("images.example/team/app:1")).Id.Should().Be(_image.Id);

        Registry.Requests.Should().Equal("GET /v2/team/app/manifests/1");
        _mirror.Count("/blobs/").Should().Be(_image.Blobs.Count);
    }

    [Fact]
    public async Task A_mirror_that_sends_wrong_bytes_is_passed_over_next_time()
    {
        _mirror.Add("team/app", "1", _image);
        _mirror.Replace(_image.Manifest, "{}"u8.ToArray());
        (await Plugin.PullAsync($"images.example/team/app@{_image.Manifest}")).Id.Should().Be(_image.Id);
    }

    [Fact]
    public async Task The_error_names_theRegistry_and_what_the_mirrors_said()
    {
        var error = await FailureOf("images.example/none:1");
        error.Kind.Should().Be(ErrorKind.NotFound);
        error.Message.Should().StartWith($"pull \"images.example/none:1\": registry {Registry.Host} answered 404").And.Contain($"before it: registry {_mirror.Host} answered 404");
    }

    [Fact]
    public async Task A_change_of_the_file_counts_for_the_next_pull()
    {
        await Plugin.PullAsync("images.example/team/app:1");
        Configure("server = \"http://127.0.0.1:1\"\n");
        (await FailureOf("images.example/team/app:1")).Message.Should().StartWith("RegistryUnavailable: ");
    }

    private void Configure(string text)
    {
        string place = Path.Combine(Folder["hosts"], "images.example");
        Directory.CreateDirectory(place);
        File.WriteAllText(Path.Combine(place, "hosts.toml"), text);
    }
}
