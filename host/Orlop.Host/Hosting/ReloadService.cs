namespace Orlop.Host.Hosting;

/// <summary>Reloads the configuration on SIGHUP, one reload at a time; signals that come meanwhile make one more.</summary>
internal sealed class ReloadService(ReloadSignal signal, ConfigReloader reloader, SystemdNotifications systemd) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (bool _ in signal.ReadAllAsync(stoppingToken))
            {
                systemd.Reloading();
                reloader.Reload();
                systemd.Ready();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the end of the daemon
        }
    }
}
