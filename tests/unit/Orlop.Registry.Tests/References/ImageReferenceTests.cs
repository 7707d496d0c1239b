using CsCheck;
using Orlop.Abstractions.Errors;
using Orlop.Registry.References;

namespace Orlop.Registry.Tests.References;

public sealed class ImageReferenceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox:latest")]
    [InlineData("busybox:1.36", "docker.io/library/busybox:1.36")]
    [InlineData("library/busybox", "docker.io/library/busybox:latest")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox:latest")]
    [InlineData("index.docker.io/busybox", "docker.io/library/busybox:latest")]
    [InlineData("user/app", "docker.io/user/app:latest")]
    [InlineData("localhost/app", "localhost/app:latest")]
    [InlineData("localhost:5000/app", "localhost:5000/app:latest")]
    [InlineData("localhost:5000", "docker.io/library/localhost:5000")]
    [InlineData("host:5000/app:tag", "host:5000/app:tag")]
    [InlineData("registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.10")]
    [InlineData("127.0.0.1:5000/a/b/c:v1", "127.0.0.1:5000/a/b/c:v1")]
    [InlineData("[fd00::1]:5000/app", "[fd00::1]:5000/app:latest")]
    [InlineData("Registry.Example.com/app", "Registry.Example.com/app:latest")]
    [InlineData("UPPER/app", "UPPER/app:latest")]
    [InlineData("a__b/c.d/e-f--g:T_a.g-1", "docker.io/a__b/c.d/e-f--g:T_a.g-1")]
    [InlineData("app@sha256:" + Hex, "docker.io/library/app@sha256:" + Hex)]
    [InlineData("app:tag@sha256:" + Hex, "docker.io/library/app@sha256:" + Hex)]
    [InlineData("app@sha512:" + Hex + Hex, "docker.io/library/app@sha512:" + Hex + Hex)]
    [InlineData("sha256:abc", "docker.io/library/sha256:abc")]
    public void Names_have_one_normal_form(string text, string normal) => ImageReference.Parse(text).ToString().Should().Be(normal);

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a b", "white space")]
    [InlineData("https://docker.io/app", "scheme")]
    [InlineData("App", "must be lower case")]
    [InlineData("docker.io/App", "must be lower case")]
    [InlineData("app:", "it must read")]
    [InlineData("app:-tag", "it must read")]
    [InlineData("app@sha256:abc", "the digest \"sha256:abc\"")]
    [InlineData("app@md5:d41d8cd98f00b204e9800998ecf8427e", "the digest \"md5:")]
    [InlineData("app@sha256:" + "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", "the digest")]
    [InlineData("../etc/passwd", "it must read")]
    [InlineData("app/../other", "no repository name")]
    [InlineData("a//b", "no repository name")]
    [InlineData("a/.b", "no repository name")]
    [InlineData("a..b", "no repository name")]
    [InlineData("a/b\n", "white space")]
    [InlineData("host:port/app", "it must read")]
    [InlineData(Hex, "an image id")]
    public void What_is_no_reference_is_quoted_with_the_reason(string text, string reason)
    {
        var error = FluentActions.Invoking(() => ImageReference.Parse(text)).Should().Throw<RuntimeException>().Which;
        error.Kind.Should().Be(ErrorKind.InvalidArgument);
        error.Message.Should().StartWith($"\"{text}\" is no image reference: ").And.Contain(reason);
    }

    [Fact]
    public void A_name_may_be_255_characters_long_and_no_longer()
    {
        string path = new('a', 255 - "docker.io/x/".Length);
        ImageReference.Parse("x/" + path).Path.Should().Be("x/" + path);
        FluentActions.Invoking(() => ImageReference.Parse("x/" + path + "a")).Should().Throw<RuntimeException>().WithMessage("*longer than 255*");
    }

    [Fact]
    public void The_normal_form_is_its_own_normal_form()
    {
        var part = Gen.String[Gen.Char["abz019._-/:@[]ABZ"], 1, 30];
        Gen.OneOf(part, Gen.Select(part, part, (a, b) => $"{a}/{b}:tag"), part.Select(p => $"{p}@sha256:{Hex}")).Sample(
            text =>
            {
                if (ImageReference.TryParse(text, out var reference, out string? error))
                    ImageReference.Parse(reference.ToString()).Should().Be(reference);
                else
                    error.Should().NotBeEmpty();
            },
            iter: 20_000);
    }
}
