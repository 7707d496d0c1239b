using System.Text.Json;
using Orlop.Abstractions.Errors;
using Orlop.Layers.Digests;
using Orlop.Registry.Http;

namespace Orlop.Registry.Manifests;

/// <summary>Reads manifests and indexes, and refuses what is no image or could be read in two ways.</summary>
internal static class ManifestReader
{
    private const int MaxLayers = 500; // overlayfs stacks no more (OVL_MAX_STACK)
    private const int MaxManifests = 10_000;

    /// <exception cref="RegistryException"><see cref="ErrorKind.InvalidArgument"/>.</exception>
    public static ManifestDocument Read(ManifestResponse response)
    {
        ManifestDocument document;
        try
        {
            document = JsonSerializer.Deserialize(response.Bytes, ManifestJson.Default.ManifestDocument) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw Invalid(response, $"it is not readable as JSON: {e.Message}");
        }

        string type = document.MediaType ?? response.MediaType;
        if (document.SchemaVersion == 1 || type is MediaTypes.DockerSchema1 or MediaTypes.DockerSchema1Signed)
            throw Invalid(response, "it is of Docker's schema 1, which no runtime reads any more; push the image again with a current tool");
        if (document.SchemaVersion != 2)
            throw Invalid(response, $"its schemaVersion is {document.SchemaVersion}, not 2");

        // A document that is both means different images to different readers (CVE-2021-41190).
        bool isIndex = document.Manifests is not null;
        if (isIndex && (document.Layers is not null || document.Config is not null))
            throw Invalid(response, "it is an index and a manifest at once");
        if (type.Length > 0 && MediaTypes.Manifests.Contains(type) && isIndex != (type is MediaTypes.OciIndex or MediaTypes.DockerList))
            throw Invalid(response, $"it calls itself {type} but is {(isIndex ? "an index" : "a manifest")}");

        if (isIndex)
            VerifyAll(response, document.Manifests!, MaxManifests, "manifests");
        else
            VerifyManifest(response, document);
        return document;
    }

    private static void VerifyManifest(ManifestResponse response, ManifestDocument document)
    {
        if (document.Config is null || document.Layers is null)
            throw Invalid(response, "it has no config or no layers");
        string configType = document.Config.MediaType;
        if (configType is not (MediaTypes.OciConfiguration or MediaTypes.DockerConfiguration))
            throw Invalid(response, $"it is no container image but an artifact ({document.ArtifactType ?? configType})");
        VerifyAll(response, [document.Config], 1, "configs");
        VerifyAll(response, document.Layers, MaxLayers, "layers");
        foreach (var layer in document.Layers)
        {
            if (MediaTypes.IsForeignLayer(layer.MediaType) && layer.Urls is { Count: > 0 })
                throw Invalid(response, $"layer {layer.Digest} is not in the registry but at {layer.Urls[0]}: foreign layers are for Windows images");
            if (!MediaTypes.IsLayer(layer.MediaType))
                throw Invalid(response, $"layer {layer.Digest} is of the unknown type \"{layer.MediaType}\"{(layer.MediaType.Contains("encrypted", StringComparison.Ordinal) ? " (encrypted)" : "")}");
            if (layer.MediaType.EndsWith("+encrypted", StringComparison.Ordinal))
                throw Invalid(response, $"layer {layer.Digest} is encrypted ({layer.MediaType}), which is not supported");
        }
    }

    private static void VerifyAll(ManifestResponse response, IReadOnlyList<Descriptor> descriptors, int limit, string what)
    {
        if (descriptors.Count > limit)
            throw Invalid(response, $"it has {descriptors.Count} {what}; {limit} are possible");
        foreach (var descriptor in descriptors)
        {
            if (descriptor is null)
                throw Invalid(response, $"one of its {what} is null");
            if (!Digest.TryParse(descriptor.Digest, out _))
                throw Invalid(response, $"it refers to \"{descriptor.Digest}\", which is no sha256 or sha512 digest");
            if (descriptor.Size < 0)
                throw Invalid(response, $"it gives {descriptor.Digest} the size {descriptor.Size}");
        }
    }

    private static RegistryException Invalid(ManifestResponse response, string why) => new(ErrorKind.InvalidArgument, $"manifest {response.Digest} cannot be used: {why}");
}
