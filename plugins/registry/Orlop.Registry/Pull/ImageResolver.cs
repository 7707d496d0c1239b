using Orlop.Abstractions.Errors;
using Orlop.Layers.Digests;
using Orlop.Registry.Content;
using Orlop.Registry.Http;
using Orlop.Registry.Manifests;
using Orlop.Registry.References;
using Orlop.Registry.Store;

namespace Orlop.Registry.Pull;

/// <summary>Finds out what a reference is now: always by asking the registry, which also checks the caller's credentials (the kubelet relies on it).</summary>
internal sealed class ImageResolver(ContentStore content, ImageStore images, PlatformMatcher platform, RegistryLimits limits)
{
    private const int MaxDepth = 4; // indexes within indexes

    public async Task<ResolvedManifest> ResolveAsync(RegistryClient client, ImageReference reference, CancellationToken cancellationToken)
    {
        var top = await GetTopAsync(client, reference, cancellationToken);
        var indexes = new List<ManifestResponse>();
        for (var current = top; ; current = await GetAsync(client, current, cancellationToken))
        {
            var document = ManifestReader.Read(current);
            if (document.Manifests is null)
                return new ResolvedManifest(top.Digest, indexes, current, document);
            indexes.Add(current);
            if (indexes.Count > MaxDepth)
                throw new RegistryException(ErrorKind.InvalidArgument, $"index {top.Digest} nests deeper than {MaxDepth} indexes");
            var chosen = platform.Choose(document.Manifests, current.Digest);
            current = new ManifestResponse(chosen.MediaType, [], Digest.Parse(chosen.Digest));
        }
    }

    // A request without a body first, where the answer may well be here: registries count only full ones against their limits.
    private async Task<ManifestResponse> GetTopAsync(RegistryClient client, ImageReference reference, CancellationToken cancellationToken)
    {
        string target = reference.Digest?.ToString() ?? reference.Tag!;
        if (images.Index.Find(reference.ToString()) is not null)
        {
            try
            {
                if (await client.ResolveAsync(target, cancellationToken) is { } digest && await TryReadAsync("", digest, cancellationToken) is { } local)
                    return local;
            }
            catch (RegistryException e) when (e.Kind == ErrorKind.InvalidArgument)
            {
                // A host that does not know HEAD.
            }
        }

        return await client.GetManifestAsync(target, cancellationToken);
    }

    private async Task<ManifestResponse> GetAsync(RegistryClient client, ManifestResponse wanted, CancellationToken cancellationToken)
    {
        if (await TryReadAsync(wanted.MediaType, wanted.Digest, cancellationToken) is { } local)
            return local;
        var fetched = await client.GetManifestAsync(wanted.Digest.ToString(), cancellationToken);
        return fetched.MediaType.Length == 0 ? fetched with { MediaType = wanted.MediaType } : fetched;
    }

    private async Task<ManifestResponse?> TryReadAsync(string mediaType, Digest digest, CancellationToken cancellationToken)
    {
        if (content.Find(digest.ToString()) is not { } size || size > limits.ManifestSize)
            return null;
        try
        {
            return new ManifestResponse(mediaType, await content.ReadAsync(digest.ToString(), limits.ManifestSize, cancellationToken), digest);
        }
        catch (RuntimeException e) when (e.Kind is ErrorKind.DataLoss or ErrorKind.NotFound)
        {
            return null; // fetch it again
        }
    }
}
