namespace Orlop.Layers.Digests;

/// <summary>The registered algorithms of the OCI image spec, descriptor.md.</summary>
internal enum DigestAlgorithm
{
    Sha256,
    Sha512,
}
