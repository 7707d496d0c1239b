namespace Orlop.Testing.Images;

/// <summary>The documents that describe an image in a registry.</summary>
public enum ImageKind
{
    /// <summary>One OCI manifest.</summary>
    OciManifest,

    /// <summary>An OCI index: a stub for arm64 first, then the real image for amd64.</summary>
    OciIndex,

    /// <summary>One Docker schema 2 manifest.</summary>
    DockerManifest,

    /// <summary>A Docker manifest list: a stub for arm64 first, then the real image for amd64.</summary>
    DockerList,
}
