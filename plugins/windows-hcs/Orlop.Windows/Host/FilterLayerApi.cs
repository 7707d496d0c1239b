using System.Runtime.Versioning;
using Orlop.Windows.Documents;
using Orlop.Windows.Interop;
using Orlop.Windows.Interop.Layers;

namespace Orlop.Windows.Host;

/// <summary>Layers of the windowsfilter format, mounted by the host's own filter driver.</summary>
[SupportedOSPlatform("windows")]
internal sealed class FilterLayerApi(TimeProvider time) : ILayerApi
{
    private const int Attempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public async Task<MountedLayers> MountAsync(string scratch, IReadOnlyList<string> layers)
    {
        await Task.Run(() => ContainerLayers.Activate(scratch));
        try
        {
            await PrepareAsync(scratch, layers);
            try
            {
                return await Task.Run(() => Mounted(scratch, layers));
            }
            catch
            {
                await Task.Run(() => ContainerLayers.Unprepare(scratch));
                throw;
            }
        }
        catch
        {
            await Task.Run(() => ContainerLayers.Deactivate(scratch));
            throw;
        }
    }

    /// <inheritdoc/>
    public Task UnmountAsync(string scratch) => Task.Run(() =>
    {
        Ignore(() => ContainerLayers.Unprepare(scratch));
        Ignore(() => ContainerLayers.Deactivate(scratch));
    });

    private static MountedLayers Mounted(string scratch, IReadOnlyList<string> layers)
    {
        string volume = ContainerLayers.MountPath(scratch);
        return new MountedLayers(volume.EndsWith('\\') ? volume : volume + '\\', [.. layers.Select(l => new LayerDocument(ContainerLayers.IdOf(l).ToString(), l))]);
    }

    // The disk that was just attached is not always ready for the filter yet.
    private async Task PrepareAsync(string scratch, IReadOnlyList<string> layers)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await Task.Run(() => ContainerLayers.Prepare(scratch, layers));
                return;
            }
            catch (HcsException e) when (attempt < Attempts && (e.Code is HResults.NotReady or HResults.DeviceNotConnected))
            {
                await Task.Delay(Pause, time);
            }
        }
    }

    // What is not attached any more is what was asked for.
    private static void Ignore(Action detach)
    {
        try
        {
            detach();
        }
        catch (HcsException e) when (e.Error is HcsError.NotFound or HcsError.FileNotFound or HcsError.AlreadyStopped || e.Code is HResults.DeviceNotConnected or HResults.NotReady)
        {
            return;
        }
    }
}
