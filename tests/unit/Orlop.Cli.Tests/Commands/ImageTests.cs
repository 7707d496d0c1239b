using Orlop.Cli.Commands.Images;
using Orlop.Cli.Tests.Fakes;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Commands;

public sealed class ImageTests
{
    private const string Name = "localhost:5000/orlop/hello:1";
    private static readonly string Id = "sha256:" + FakeNode.IdOf("hello");

    [Fact]
    public async Task Pull_prints_the_id_and_talks_on_standard_error()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        runtime.Node.Remote.Add(new Image { Id = Id, RepoTags = { Name } });

        var result = await runtime.RunAsync("pull", Name);
        var json = await runtime.RunAsync("pull", Name, "--output", "json");

        result.Should().Be(new CliResult(0, Id + "\n", $"orlop: pulling {Name}\n"));
        json.Output.Should().Be($$"""
            {
              "image": "{{Name}}",
              "id": "{{Id}}"
            }

            """);
    }

    [Fact]
    public async Task A_terminal_sees_a_bar_that_follows_the_pull()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        runtime.Node.Remote.Add(new Image { Id = Id, RepoTags = { Name } });
        runtime.Images.PullMilliseconds = 900;
        runtime.IsTerminal = true;

        var result = await runtime.RunAsync("pull", Name);

        result.Output.Should().Be(Id + "\n");
        result.Error.Should().Contain("1.00 MiB of 4.00 MiB, layer 1/3").And.Contain("25%");
    }

    [Fact]
    public async Task A_failed_pull_tells_the_registrys_reason()
    {
        await using var runtime = await FakeRuntime.StartAsync();

        var result = await runtime.RunAsync("pull", Name);

        result.Code.Should().Be(1);
        result.Error.Should().EndWith($"orlop: pull {Name}: RegistryUnavailable: {Name}: manifest unknown\n");
    }

    [Theory]
    [InlineData("--creds", "anna:se:cret")]
    [InlineData("--creds-stdin", null)]
    [InlineData(null, null)]
    public async Task Credentials_come_from_the_option_standard_input_or_the_environment(string? option, string? value)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        runtime.Node.Remote.Add(new Image { Id = Id, RepoTags = { Name } });
        runtime.Environment["ORLOP_CREDS"] = option is null ? "anna:se:cret" : "someone:else";

        string[] arguments = ["pull", Name, .. new[] { option, value }.OfType<string>()];
        var result = await runtime.RunAsync("anna:se:cret\n", arguments);

        result.Code.Should().Be(0, result.Error);
        var auth = runtime.Node.Asked<PullImageRequest>().Single().Auth;
        (auth.Username, auth.Password).Should().Be(("anna", "se:cret"));
    }

    [Fact]
    public async Task Credentials_in_a_wrong_form_are_never_shown()
    {
        await using var runtime = await FakeRuntime.StartAsync();

        var result = await runtime.RunAsync("pull", Name, "--creds", "topsecret");

        result.Should().Be(new CliResult(2, "", "orlop: read the credentials of --creds: they are not in the form USER:PASSWORD\n"));
    }

    [Fact]
    public async Task Rmi_names_what_is_not_there_and_prune_spares_used_and_pinned_images()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        SampleNode.Fill(runtime.Node);
        runtime.Node.Images.Add(new Image { Id = Id, RepoTags = { Name } });

        var missing = await runtime.RunAsync("rmi", "nowhere:1");
        var pruned = await runtime.RunAsync("rmi", "--prune");

        missing.Should().Be(new CliResult(1, "", "orlop: remove image nowhere:1: there is no such image; list the images with: orlop images\n"));
        pruned.Should().Be(new CliResult(0, Name + "\n", ""));
        runtime.Node.Images.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("""{"fetchedBytes":1,"totalBytes":2,"unpackedLayers":3,"totalLayers":4}""", true)]
    [InlineData("not json", false)]
    [InlineData("[1]", false)]
    public void Progress_of_another_runtime_is_no_progress(string json, bool isProgress) =>
        (ImagePuller.Parse(json) == new PullProgress(1, 2, 3, 4)).Should().Be(isProgress);
}
