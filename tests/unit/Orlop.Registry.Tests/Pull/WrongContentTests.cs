using Orlop.Abstractions.Errors;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Pull;

/// <summary>Manifests, layers and blobs that are not what their names say.</summary>
public sealed class WrongContentTests : PullTest
{
    [Fact]
    public async Task Bytes_with_another_digest_are_not_kept()
    {
        var image = Image();
        Registry.Add("app", "1", image);
        byte[] flipped = [.. image.Blobs[image.LayerBlobs[1]]];
        flipped[20] ^= 1;
        Registry.Replace(image.LayerBlobs[1], flipped);

        var error = await FailureOf(Name("app:1"));

        error.Kind.Should().Be(ErrorKind.DataLoss);
        error.Message.Should().StartWith($"pull \"{Name("app:1")}\": ").And.Contain(image.LayerBlobs[1]);
        Plugin.Source.Images.Should().BeEmpty();
    }

    [Fact]
    public async Task A_manifest_with_another_digest_is_refused()
    {
        var image = Image();
        Registry.Add("app", "1", image);
        Registry.Replace(image.Manifest, "{\"schemaVersion\":2}"u8.ToArray());
        (await FailureOf(Name($"app@{image.Manifest}"))).Kind.Should().Be(ErrorKind.DataLoss);
    }

    [Fact]
    public async Task A_layer_that_is_not_what_the_configuration_names_is_refused()
    {
        string wrong = TestImage.DigestOf("other"u8.ToArray());
        Registry.Add("app", "1", TestImage.Make([TarBuilder.Layer(t => t.File("a"))], changeConfig: c => c["rootfs"]!["diff_ids"]![0] = wrong));
        var error = await FailureOf(Name("app:1"));
        error.Kind.Should().Be(ErrorKind.DataLoss);
        error.Message.Should().Contain(wrong);
        Plugin.Overlay.Layers.Should().BeEmpty();
    }

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(60)]
    public async Task A_gzip_layer_that_was_cut_off_before_it_was_pushed_is_refused(int missing)
    {
        byte[] tar = TarBuilder.Layer(t => t.File("a", string.Join(' ', Enumerable.Range(0, 500))));
        Registry.Add("app", "1", TestImage.Make([tar], compress: b => TestImage.Gzip(b)[..^missing]));
        (await FailureOf(Name("app:1"))).Kind.Should().BeOneOf(ErrorKind.DataLoss, ErrorKind.InvalidArgument);
        Plugin.Overlay.Layers.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1 << 20, 1 << 10, "sends more than")]
    [InlineData(1 << 10, 1 << 20, "breaks off")]
    public async Task A_blob_of_another_size_than_the_manifest_says_is_refused(int sent, int claimed, string message)
    {
        var image = TestImage.Make([new byte[sent]], compress: b => b, changeManifest: m => m["layers"]![0]!["size"] = claimed);
        Registry.Add("app", "1", image);
        (await FailureOf(Name("app:1"))).Message.Should().Contain(message);
    }
}
