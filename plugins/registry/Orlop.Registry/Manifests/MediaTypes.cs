namespace Orlop.Registry.Manifests;

/// <summary>Media types of images (OCI image spec, media-types.md; Docker image manifest v2, schema 2).</summary>
internal static class MediaTypes
{
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciConfiguration = "application/vnd.oci.image.config.v1+json";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerConfiguration = "application/vnd.docker.container.image.v1+json";
    public const string DockerSchema1 = "application/vnd.docker.distribution.manifest.v1+json";
    public const string DockerSchema1Signed = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /// <summary>What a client asks for.</summary>
    public static IReadOnlyList<string> Manifests { get; } = [OciIndex, OciManifest, DockerList, DockerManifest];

    /// <summary>Layers that are not in the registry but at an address of their own.</summary>
    public static bool IsForeignLayer(string type) =>
        type.Contains("foreign", StringComparison.Ordinal);

    /// <summary>Tar archives, compressed or not. How exactly is found out from the bytes.</summary>
    public static bool IsLayer(string type) =>
        type.StartsWith("application/vnd.oci.image.layer.", StringComparison.Ordinal) || type.StartsWith("application/vnd.docker.image.rootfs.", StringComparison.Ordinal);
}
