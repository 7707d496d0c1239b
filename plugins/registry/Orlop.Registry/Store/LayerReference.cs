namespace Orlop.Registry.Store;

/// <summary>A layer of an image.</summary>
/// <param name="Digest">Of the blob as the registry has it.</param>
/// <param name="Size">Bytes of the blob.</param>
/// <param name="DiffId">Digest of the uncompressed layer.</param>
/// <param name="MediaType">As in the manifest.</param>
internal sealed record LayerReference(string Digest, long Size, string DiffId, string MediaType);
