using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orlop.Registry.Tests.Support;

/// <summary>An image made of layers, with all its blobs.</summary>
internal sealed class TestImage
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>By digest.</summary>
    public Dictionary<string, byte[]> Blobs { get; } = new(StringComparer.Ordinal);

    /// <summary>By digest, with the media type.</summary>
    public Dictionary<string, (string Type, byte[] Bytes)> Manifests { get; } = new(StringComparer.Ordinal);

    public required string Id { get; init; }

    public required string Manifest { get; init; }

    public string? Index { get; private set; }

    /// <summary>What a tag stands for.</summary>
    public string Top => Index ?? Manifest;

    public List<string> LayerBlobs { get; } = [];

    public List<string> DiffIds { get; } = [];

    public static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static byte[] Gzip(byte[] bytes)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    public static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(bytes).ToArray();
    }

    public static TestImage Of(params byte[][] layers) => Make(layers);

    public static TestImage Make(
        byte[][] layers, bool docker = false, Func<byte[], byte[]>? compress = null, string label = "", Action<JsonObject>? changeManifest = null, Action<JsonObject>? changeConfig = null)
    {
        var blobs = layers.Select(l => (compress ?? Gzip)(l)).ToList();
        var config = new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Env"] = new JsonArray("A=b"), ["Labels"] = new JsonObject { ["label"] = label } },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. layers.Select(l => JsonValue.Create(DigestOf(l)))]) },
        };
        changeConfig?.Invoke(config);
        byte[] configBytes = Encoding.UTF8.GetBytes(config.ToJsonString());
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = docker ? DockerManifest : OciManifest,
            ["config"] = Descriptor(docker ? "application/vnd.docker.container.image.v1+json" : "application/vnd.oci.image.config.v1+json", configBytes),
            ["layers"] = new JsonArray([.. blobs.Select(b => Descriptor(docker ? "application/vnd.docker.image.rootfs.diff.tar.gzip" : "application/vnd.oci.image.layer.v1.tar+gzip", b))]),
        };
        changeManifest?.Invoke(manifest);
        byte[] manifestBytes = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        var image = new TestImage { Id = DigestOf(configBytes), Manifest = DigestOf(manifestBytes) };
        image.Manifests[image.Manifest] = (docker ? DockerManifest : OciManifest, manifestBytes);
        image.Blobs[image.Id] = configBytes;
        foreach (byte[] blob in blobs)
        {
            image.Blobs[DigestOf(blob)] = blob;
            image.LayerBlobs.Add(DigestOf(blob));
        }

        image.DiffIds.AddRange(layers.Select(DigestOf));
        return image;
    }

    /// <summary>Puts the image into an index, with others around it.</summary>
    public TestImage InIndex(bool docker = false, string platform = """{"os":"linux","architecture":"amd64"}""", bool alone = false)
    {
        var (type, bytes) = Manifests[Manifest];
        var own = Descriptor(type, bytes);
        own["platform"] = JsonNode.Parse(platform);
        var other = Descriptor(type, "{}"u8.ToArray());
        other["platform"] = JsonNode.Parse("""{"os":"linux","architecture":"s390x"}""");
        var attestation = Descriptor(type, "[]"u8.ToArray());
        attestation["platform"] = JsonNode.Parse("""{"os":"unknown","architecture":"unknown"}""");
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = docker ? DockerList : OciIndex, ["manifests"] = alone ? new JsonArray(own) : new JsonArray(other, attestation, own) };
        byte[] indexBytes = Encoding.UTF8.GetBytes(index.ToJsonString());
        Index = DigestOf(indexBytes);
        Manifests[Index] = (docker ? DockerList : OciIndex, indexBytes);
        return this;
    }

    private static JsonObject Descriptor(string type, byte[] bytes) => new() { ["mediaType"] = type, ["digest"] = DigestOf(bytes), ["size"] = bytes.Length };
}
