namespace Orlop.Windows.Host;

/// <summary>Mounting of layers. All errors are <see cref="Interop.HcsException"/>s.</summary>
internal interface ILayerApi
{
    /// <summary>Attaches a scratch folder over its layers.</summary>
    /// <param name="scratch">The container's own folder.</param>
    /// <param name="layers">Read-only layers, top-most first.</param>
    Task<MountedLayers> MountAsync(string scratch, IReadOnlyList<string> layers);

    /// <summary>Detaches it; no error when it is not attached.</summary>
    Task UnmountAsync(string scratch);
}
