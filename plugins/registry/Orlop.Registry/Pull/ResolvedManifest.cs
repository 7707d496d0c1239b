using Orlop.Layers.Digests;
using Orlop.Registry.Http;
using Orlop.Registry.Manifests;

namespace Orlop.Registry.Pull;

/// <summary>What a reference turned out to be.</summary>
/// <param name="Top">The digest of the index or manifest that the reference names.</param>
/// <param name="Indexes">From the named one downwards; empty when the reference names a manifest.</param>
/// <param name="Manifest">The manifest for this machine.</param>
/// <param name="Document">Its content.</param>
internal sealed record ResolvedManifest(Digest Top, IReadOnlyList<ManifestResponse> Indexes, ManifestResponse Manifest, ManifestDocument Document)
{
    /// <summary>All documents and blobs.</summary>
    public IReadOnlyList<string> Blobs() =>
        [.. Indexes.Select(i => i.Digest.ToString()), Manifest.Digest.ToString(), Document.Config!.Digest, .. Document.Layers!.Select(l => l.Digest)];
}
