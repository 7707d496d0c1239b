using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Orlop.Testing.Images;

/// <summary>Pushes test images by the OCI distribution specification.</summary>
/// <param name="http">Reaches the registry at its base address.</param>
/// <param name="registryName">How nodes call the registry, for example <c>localhost:5000</c>.</param>
public sealed class ImagePusher(HttpClient http, string registryName)
{
    /// <summary>Pushes the layers, the configuration and the manifests of an image.</summary>
    public async Task<PushedImage> PushAsync(ImageRecipe recipe)
    {
        var types = MediaTypes.Of(recipe.Kind);
        var isIndex = recipe.Kind is ImageKind.OciIndex or ImageKind.DockerList;
        var (manifest, config) = await PushManifestAsync(recipe, types, "amd64", isIndex ? null : recipe.Tag);
        var top = isIndex ? await PushIndexAsync(recipe, types, manifest) : manifest;
        return new PushedImage($"{registryName}/{recipe.Name}", Text(top, "digest"), Text(manifest, "digest"), config);
    }

    private async Task<JsonObject> PushIndexAsync(ImageRecipe recipe, MediaTypes types, JsonObject manifest)
    {
        var stub = recipe with { Layers = [ImageLayer.Of(layer => layer.File("README.arm64", "for another platform; must never be pulled here\n"))] };
        var (other, _) = await PushManifestAsync(stub, types, "arm64", tag: null);
        other["platform"] = new JsonObject { ["architecture"] = "arm64", ["os"] = "linux", ["variant"] = "v8" };
        manifest["platform"] = new JsonObject { ["architecture"] = "amd64", ["os"] = "linux" };
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = types.Index, ["manifests"] = new JsonArray(other, manifest) };
        return await PutManifestAsync(recipe.Repository, recipe.Tag, index, types.Index);
    }

    private async Task<(JsonObject Manifest, string ConfigDigest)> PushManifestAsync(ImageRecipe recipe, MediaTypes types, string architecture, string? tag)
    {
        foreach (var layer in recipe.Layers)
        {
            await PushBlobAsync(recipe.Repository, layer.Content, layer.ContentDigest);
        }

        var config = Bytes(recipe.Configuration(architecture));
        var digest = ImageLayer.Digest(config);
        await PushBlobAsync(recipe.Repository, config, digest);
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = types.Manifest,
            ["config"] = Descriptor(types.Config, digest, config.Length),
            ["layers"] = new JsonArray([.. recipe.Layers.Select(layer => Descriptor(types.Layer, layer.ContentDigest, layer.Content.Length))]),
        };
        return (await PutManifestAsync(recipe.Repository, tag, manifest, types.Manifest), digest);
    }

    private async Task PushBlobAsync(string repository, byte[] content, string digest)
    {
        using var head = new HttpRequestMessage(HttpMethod.Head, $"/v2/{repository}/blobs/{digest}");
        using var known = await http.SendAsync(head);
        if (known.StatusCode == HttpStatusCode.OK)
        {
            return;
        }

        using var begun = await http.PostAsync(new Uri($"/v2/{repository}/blobs/uploads/", UriKind.Relative), content: null);
        begun.EnsureSuccessStatusCode();
        var upload = begun.Headers.Location ?? throw new InvalidOperationException("the registry gave no place to upload to");
        var path = upload.IsAbsoluteUri ? upload.PathAndQuery : upload.OriginalString;
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var done = await http.PutAsync(new Uri($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={digest}", UriKind.Relative), body);
        done.EnsureSuccessStatusCode();
    }

    private async Task<JsonObject> PutManifestAsync(string repository, string? tag, JsonObject document, string mediaType)
    {
        var bytes = Bytes(document);
        var digest = ImageLayer.Digest(bytes);
        using var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var done = await http.PutAsync(new Uri($"/v2/{repository}/manifests/{tag ?? digest}", UriKind.Relative), body);
        done.EnsureSuccessStatusCode();
        return Descriptor(mediaType, digest, bytes.Length);
    }

    private static JsonObject Descriptor(string mediaType, string digest, int size) =>
        new() { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = size };

    private static string Text(JsonObject descriptor, string key) => descriptor[key]!.GetValue<string>();

    private static byte[] Bytes(JsonObject document) => System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());

    private sealed record MediaTypes(string Layer, string Config, string Manifest, string Index)
    {
        private static readonly MediaTypes Oci = new(
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.index.v1+json");

        private static readonly MediaTypes Docker = new(
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.docker.container.image.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json");

        public static MediaTypes Of(ImageKind kind) => kind is ImageKind.OciManifest or ImageKind.OciIndex ? Oci : Docker;
    }
}
