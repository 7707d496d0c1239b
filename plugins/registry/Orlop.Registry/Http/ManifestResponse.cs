using Orlop.Layers.Digests;

namespace Orlop.Registry.Http;

/// <summary>A manifest or an index as a registry sent it, its digest verified.</summary>
/// <param name="MediaType">What the registry called it; may be empty or wrong.</param>
/// <param name="Bytes">The document.</param>
/// <param name="Digest">Of the bytes.</param>
internal sealed record ManifestResponse(string MediaType, byte[] Bytes, Digest Digest);
