using Orlop.Host.Configuration;
using Orlop.Host.Plugins;

namespace Orlop.Host.Hosting;

/// <summary>Says READY once the plugins are there, STOPPING at the end, and answers systemd's watchdog in between.</summary>
internal sealed class SystemdService(SystemdNotifications systemd, OrlopConfig config, PluginHost plugins, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = lifetime.ApplicationStopping.Register(systemd.Stopping);
        try
        {
            systemd.MayTake(3 * config.PluginLoadTimeout); // a plugin loads, its services start, and there is time left for the rest
            await plugins.Ready.WaitAsync(stoppingToken);
            systemd.Ready();
            if (SystemdNotifications.WatchdogInterval is not { } interval)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken);
                return;
            }

            // Half of the interval, as sd_watchdog_enabled(3) recommends. The thread pool that beats here serves the calls too.
            using var beat = new PeriodicTimer(interval / 2, time);
            do
                systemd.Alive();
            while (await beat.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the end of the daemon
        }
    }
}
