using System.Text;
using CsCheck;
using Orlop.Abstractions.Errors;
using Orlop.Layers.Digests;
using Orlop.Registry.Http;
using Orlop.Registry.Manifests;

namespace Orlop.Registry.Tests.Manifests;

public sealed class ManifestReaderTests
{
    private const string Blob = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Manifest =
        $$$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
         "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{Blob}}}","size":7},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{{Blob}}}","size":9,"urls":null,"annotations":{"a":"b"}}]}
        """;

    private const string Index =
        $$$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",
         "manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{Blob}}}","size":7,"platform":{"os":"linux","architecture":"amd64"}}]}
        """;

    // What a mutation puts in: pieces that mean something where they land.
    private static readonly string[] Pieces = ["null", "[]", "{}", "-1", "9223372036854775808", "1e400", "\"\"", "[null]", "{\"digest\":null}", ",", "\"", "\\ud800", "\0", "true"];

    [Theory]
    [InlineData(Manifest)]
    [InlineData(Index)]
    public void Whatever_document_comes_it_is_read_or_refused(string document)
    {
        byte[] whole = Encoding.UTF8.GetBytes(document);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 40], Gen.OneOf(Pieces)).Array[1, 4].Sample(changes =>
        {
            var bytes = new List<byte>(whole);
            foreach (var (at, length, piece) in changes)
            {
                int start = Math.Min(at, bytes.Count);
                bytes.RemoveRange(start, Math.Min(length, bytes.Count - start));
                bytes.InsertRange(start, Encoding.UTF8.GetBytes(piece));
            }

            try
            {
                Verify(ManifestReader.Read(Response([.. bytes])));
            }
            catch (RegistryException e)
            {
                e.Kind.Should().Be(ErrorKind.InvalidArgument);
            }
        }, iter: 20_000);
    }

    [Theory]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[null]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":{},\"layers\":[null]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":{\"mediaType\":null,\"digest\":null},\"layers\":[]}")]
    [InlineData("null")]
    [InlineData("")]
    public void Nothing_in_place_of_something_is_refused(string document)
    {
        FluentActions.Invoking(() => ManifestReader.Read(Response(Encoding.UTF8.GetBytes(document)))).Should().Throw<RegistryException>();
    }

    // What the puller relies on.
    private static void Verify(ManifestDocument document)
    {
        foreach (var descriptor in document.Manifests ?? [document.Config!, .. document.Layers!])
        {
            Digest.Parse(descriptor.Digest);
            descriptor.Size.Should().BeGreaterThanOrEqualTo(0);
            descriptor.MediaType.Should().NotBeNull();
        }
    }

    private static ManifestResponse Response(byte[] bytes) => new("", bytes, Digest.Of(bytes));
}
