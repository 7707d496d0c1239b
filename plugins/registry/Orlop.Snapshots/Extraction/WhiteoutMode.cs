namespace Orlop.Snapshots.Extraction;

/// <summary>What becomes of a layer's whiteouts (OCI image spec, layer.md, "Whiteouts").</summary>
internal enum WhiteoutMode
{
    /// <summary>Nothing: a lowest layer has nothing to hide.</summary>
    Ignore,

    /// <summary>Character devices 0/0 and <c>trusted.overlay.opaque</c>, as overlayfs reads them (kernel Documentation/filesystems/overlayfs.rst).</summary>
    Overlay,

    /// <summary>The hidden files, which came from the layers below, are removed.</summary>
    Remove,
}
