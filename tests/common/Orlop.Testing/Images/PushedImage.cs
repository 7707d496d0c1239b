namespace Orlop.Testing.Images;

/// <summary>A test image in a registry.</summary>
/// <param name="Reference">How a node asks for it, for example <c>localhost:5000/orlop/busybox:1</c>.</param>
/// <param name="Digest">The digest that the tag points to: of the index where there is one.</param>
/// <param name="ManifestDigest">The digest of the manifest for amd64.</param>
/// <param name="ConfigDigest">The digest of the configuration.</param>
public sealed record PushedImage(string Reference, string Digest, string ManifestDigest, string ConfigDigest)
{
    /// <summary>The reference without its tag.</summary>
    public string Repository => Reference[..Reference.LastIndexOf(':')];
}
