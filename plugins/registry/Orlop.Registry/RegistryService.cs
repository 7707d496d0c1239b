using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Plugins;
using Orlop.Registry.Content;
using Orlop.Registry.Store;
using Orlop.Snapshots;

namespace Orlop.Registry;

/// <summary>Recovers what is on disk, in the order in which one part relies on another, and then runs the plugin's loops.</summary>
internal sealed class RegistryService(
    ContentStore content, IReadOnlyList<DirectorySnapshotter> snapshotters, ImageStore images, PullLedger pulls,
    ContentCollector collector, TimeProvider time, ILogger<RegistryService> logger) : IPluginService, IDisposable
{
    private static readonly TimeSpan CollectionPeriod = TimeSpan.FromHours(1);
    private static readonly TimeSpan CollectionDelay = TimeSpan.FromSeconds(5); // so that the removal of a pod's snapshots makes one collection

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private Task _loops = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        content.Recover();
        foreach (var snapshotter in snapshotters)
            await snapshotter.RecoverAsync(cancellationToken);
        await pulls.RecoverAsync(cancellationToken);
        await images.RecoverAsync(cancellationToken);
        await TryCollectAsync(cancellationToken);

        foreach (var snapshotter in snapshotters)
            snapshotter.SnapshotRemoved += OnSnapshotRemoved;
        _loops = Task.WhenAll([.. snapshotters.Select(s => s.RunAsync(_stop.Token)), CollectAsync(_stop.Token)]);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var snapshotter in snapshotters)
            snapshotter.SnapshotRemoved -= OnSnapshotRemoved;
        await _stop.CancelAsync();
        try
        {
            await _loops;
        }
        catch (OperationCanceledException)
        {
            // How the loops end.
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _wanted.Dispose();
    }

    // Layers of an image that was removed while containers stood on it.
    private void OnSnapshotRemoved(object? sender, EventArgs e)
    {
        try
        {
            _wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is wanted already.
        }
    }

    private async Task CollectAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using (var hour = new CancellationTokenSource(CollectionPeriod, time))
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(hour.Token, cancellationToken))
            {
                try
                {
                    await _wanted.WaitAsync(either.Token);
                    await Task.Delay(CollectionDelay, time, cancellationToken);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    // The hour is over.
                }
            }

            await TryCollectAsync(cancellationToken);
        }
    }

    // One file that cannot be removed, or a full disk, keeps nobody from the images that are here.
    private async Task TryCollectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await collector.CollectAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.CollectionFailed(e);
        }
    }
}
