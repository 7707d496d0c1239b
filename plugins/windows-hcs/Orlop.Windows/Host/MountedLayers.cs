using Orlop.Windows.Documents;

namespace Orlop.Windows.Host;

/// <summary>A root file system that is ready for a container.</summary>
/// <param name="Volume"><c>\\?\Volume{GUID}\</c>.</param>
/// <param name="Layers">The read-only layers, top-most first, with their ids.</param>
internal sealed record MountedLayers(string Volume, IReadOnlyList<LayerDocument> Layers);
