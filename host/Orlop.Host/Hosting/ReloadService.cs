using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Orlop.Host.Hosting;

/// <summary>Reloads the configuration on SIGHUP, one reload at a time; signals that come meanwhile make one more.</summary>
internal sealed class ReloadService(ConfigReloader reloader, SystemdNotifications systemd) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (OperatingSystem.IsWindows())
            return;

        var signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true; // the default would end the process
            signals.Writer.TryWrite(true);
        });
        try
        {
            await foreach (bool _ in signals.Reader.ReadAllAsync(stoppingToken))
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
