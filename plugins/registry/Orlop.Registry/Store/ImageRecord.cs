namespace Orlop.Registry.Store;

/// <summary>An image that was pulled whole; its record's key is the digest of its configuration.</summary>
internal sealed record ImageRecord
{
    public required string Id { get; init; }

    /// <summary>Normalised names with tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Normalised names with digests: those of the last pull first, an index before the manifest that was chosen from it.</summary>
    public IReadOnlyList<string> Digests { get; init; } = [];

    /// <summary>The digest of the manifest that was pulled last.</summary>
    public required string Manifest { get; init; }

    /// <summary>The digest of the index that it was chosen from, and of those in between.</summary>
    public IReadOnlyList<string> Indexes { get; init; } = [];

    /// <summary>The lowest first.</summary>
    public required IReadOnlyList<LayerReference> Layers { get; init; }

    /// <summary>Compressed layers, configuration and manifest, in bytes.</summary>
    public required long Size { get; init; }

    public required DateTimeOffset PulledAt { get; init; }

    /// <summary>Everything of it in the content store.</summary>
    public IEnumerable<string> Blobs() => [Id, Manifest, .. Indexes, .. Layers.Select(l => l.Digest)];

    /// <summary>Its layers' chain ids, the lowest first.</summary>
    public IReadOnlyList<string> Chains() => ChainId.OfAll([.. Layers.Select(l => l.DiffId)]);
}
