using Orlop.Abstractions.Oci.Images;

namespace Orlop.Abstractions.Images;

/// <summary>An image that is here, whole.</summary>
public sealed record Image
{
    /// <summary>The digest of its configuration, <c>sha256:…</c>: the one id in all places where the CRI shows one (R29).</summary>
    public required string Id { get; init; }

    /// <summary>Its names with tags, normalised: <c>docker.io/library/busybox:1.36</c>.</summary>
    public IReadOnlyList<string> RepoTags { get; init; } = [];

    /// <summary>Its names with digests: of the index that was pulled, then of the manifest that was chosen from it; those of the last pull first.</summary>
    public IReadOnlyList<string> RepoDigests { get; init; } = [];

    /// <summary>Bytes of its compressed layers, configuration and manifest; CRI <c>Image.size</c>, never 0.</summary>
    public required long Size { get; init; }

    /// <summary>Digests of its uncompressed layers, the lowest first.</summary>
    public required IReadOnlyList<string> DiffIds { get; init; }

    /// <summary>The chain id of its top layer; null when it has no layers.</summary>
    public string? ChainId { get; init; }

    /// <summary>Its configuration.</summary>
    public required ImageConfiguration Configuration { get; init; }

    /// <summary>The kubelet's garbage collection leaves it alone; CRI <c>Image.pinned</c>.</summary>
    public bool Pinned { get; init; }

    /// <summary>When it was pulled last.</summary>
    public required DateTimeOffset PulledAt { get; init; }
}
