using System.Net;
using System.Security.Cryptography;
using Orlop.Testing.Images;
using Orlop.Testing.Machines;
using Orlop.Testing.Registry;

namespace Orlop.NodeTests.BadInput;

/// <summary>What registries may do wrong. Each pull fails with their words, leaves no image, and works once they behave.</summary>
public sealed class Registries(Node node) : NodeTest(node)
{
    private static int s_lastPort = 5100; // each test has a registry of its own

    [NodeTheory]
    [InlineData(401, StatusCode.Unauthenticated, "check credentials")]
    [InlineData(403, StatusCode.PermissionDenied, "check credentials")]
    [InlineData(404, StatusCode.NotFound, "check the name and the tag")]
    [InlineData(429, StatusCode.Unknown, "RegistryUnavailable: ")]
    [InlineData(500, StatusCode.Unknown, "RegistryUnavailable: ")]
    public Task A_refusal_is_told_in_the_registrys_words(int status, StatusCode code, string advice) => FailsAndThenWorksAsync(
        (context, _) => BadRegistry.AnswerAsync(context, status, """{"errors":[{"code":"REFUSED","message":"not today"}]}"""),
        code, "REFUSED: not today", advice);

    // The node has no resolver.
    [NodeFact]
    public async Task A_name_that_cannot_be_resolved_is_said_to_be_so()
    {
        var pull = await Node.Cri.Images.PullImageAsync(new() { Image = new ImageSpec { Image = "registry.invalid/app:1" } }).ShouldFailWithAsync(StatusCode.Unknown);

        pull.Status.Detail.Should().StartWith("RegistryUnavailable: ").And.Contain("the name registry.invalid cannot be resolved");
    }

    [NodeFact]
    public Task A_body_that_breaks_off_again_and_again_is_an_error_that_says_where() => FailsAndThenWorksAsync(
        async (context, layer) =>
        {
            if (!IsBlob(context, layer))
            {
                return false;
            }

            context.Response.ContentLength64 = layer.Content.Length;
            await context.Response.OutputStream.WriteAsync(layer.Content.AsMemory(0, layer.Content.Length / 2));
            await context.Response.OutputStream.FlushAsync();
            context.Response.Abort();
            return true;
        },
        StatusCode.Unknown, "RegistryUnavailable: ", "breaks off");

    [NodeFact]
    public Task A_blob_with_another_digest_is_thrown_away() => FailsAndThenWorksAsync(
        async (context, layer) =>
        {
            if (!IsBlob(context, layer))
            {
                return false;
            }

            byte[] wrong = [.. layer.Content];
            wrong[^1] ^= 1;
            await context.Response.OutputStream.WriteAsync(wrong);
            context.Response.Close();
            return true;
        },
        StatusCode.DataLoss, "thrown away");

    [NodeFact]
    public Task A_redirect_without_end_is_left() => FailsAndThenWorksAsync(
        (context, _) => BadRegistry.AnswerAsync(context, 307, "", response => response.RedirectLocation = context.Request.RawUrl + "x"),
        StatusCode.Unknown, "RegistryUnavailable: ", "redirects too often");

    [NodeFact]
    public async Task A_manifest_of_a_gigabyte_is_refused_and_costs_no_memory()
    {
        var before = ProcessMemory.Peak(Node.Daemon.Pid);
        await FailsAndThenWorksAsync(
            async (context, _) =>
            {
                context.Response.SendChunked = true;
                var megabyte = new byte[1 << 20];
                for (var sent = 0; sent < 1024; sent++)
                {
                    await context.Response.OutputStream.WriteAsync(megabyte);
                }

                context.Response.Close();
                return true;
            },
            StatusCode.InvalidArgument, "is larger than");

        (ProcessMemory.Peak(Node.Daemon.Pid) - before).Should().BeLessThan(128 << 20);
    }

    [NodeTheory]
    [InlineData("deep", "not readable as JSON")]
    [InlineData("text", "not readable as JSON")]
    [InlineData("empty", "schemaVersion")]
    [InlineData("both", "an index and a manifest at once")]
    public Task A_manifest_that_is_none_is_refused(string kind, string reason) => FailsAndThenWorksAsync(
        (context, _) => BadRegistry.AnswerAsync(context, 200, kind switch
        {
            "deep" => new string('[', 1 << 20),
            "text" => "<html>come back later</html>",
            "both" => """{"schemaVersion":2,"manifests":[],"layers":[],"config":{}}""",
            _ => "{}",
        }),
        StatusCode.InvalidArgument, reason);

    private async Task FailsAndThenWorksAsync(Func<HttpListenerContext, ImageLayer, Task<bool>> misbehave, StatusCode code, params string[] words)
    {
        var layer = ImageLayer.Of(content => content.File("only-here", RandomNumberGenerator.GetBytes(200_000)));
        var port = Interlocked.Increment(ref s_lastPort);
        var pushed = await Node.PushAsync(TestImages.Unique($"orlop/bad-registry-{port}") with { Layers = [.. TestImages.Busybox.Layers, layer] });
        await using var registry = await BadRegistry.StartAsync(Node, port);
        var reference = pushed.Reference.Replace(Node.Registry.Name, registry.Name, StringComparison.Ordinal);
        registry.Misbehave = context => misbehave(context, layer);
        var filter = new ImageFilter { Image = new ImageSpec { Image = reference } };

        var error = await PullAsync(reference).ShouldFailWithAsync(code);

        error.Status.Detail.Should().ContainAll([reference, .. words]);
        (await Node.Cri.Images.ListImagesAsync(new() { Filter = filter })).Images.Should().BeEmpty();
        registry.Misbehave = null;
        (await PullAsync(reference)).ImageRef.Should().NotBeEmpty();
        await using var pod = await Node.RunPodAsync();
        (await pod.RunAsync("wc -c < /only-here", config => config.Image.Image = reference)).Output.Trim().Should().Be("200000");
    }

    private static bool IsBlob(HttpListenerContext context, ImageLayer layer) => context.Request.RawUrl!.EndsWith(layer.ContentDigest, StringComparison.Ordinal);

    private AsyncUnaryCall<PullImageResponse> PullAsync(string reference) => Node.Cri.Images.PullImageAsync(new() { Image = new ImageSpec { Image = reference } });
}
