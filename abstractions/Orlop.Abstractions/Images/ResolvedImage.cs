namespace Orlop.Abstractions.Images;

/// <summary>What a reference turned out to be.</summary>
/// <param name="Reference">The normalised reference.</param>
/// <param name="Digest">The digest of the manifest or index that the registry named.</param>
/// <param name="Manifest">The bytes of the manifest for this platform.</param>
public sealed record ResolvedImage(string Reference, string Digest, ReadOnlyMemory<byte> Manifest);
