using System.Collections.Concurrent;
using Orlop.Windows.Documents;
using Orlop.Windows.Host;
using Orlop.Windows.Interop;

namespace Orlop.Windows.Simulator;

/// <summary>The layer filter of a simulated node.</summary>
internal sealed class SimulatedLayers : ILayerApi
{
    private readonly ConcurrentDictionary<string, string> _volumes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Scratch folders that are mounted.</summary>
    public ICollection<string> Mounted => _volumes.Keys;

    /// <inheritdoc/>
    public Task<MountedLayers> MountAsync(string scratch, IReadOnlyList<string> layers) => Task.Run(() =>
    {
        string volume = $@"\\?\Volume{{{Guid.NewGuid()}}}\";
        return _volumes.TryAdd(scratch, volume)
            ? new MountedLayers(volume, [.. layers.Select(l => new LayerDocument(Guid.NewGuid().ToString(), l))])
            : throw new HcsException("ActivateLayer", scratch, unchecked((int)0x80070020)); // ERROR_SHARING_VIOLATION
    });

    /// <inheritdoc/>
    public Task UnmountAsync(string scratch) => Task.Run(() => _volumes.TryRemove(scratch, out _));
}
