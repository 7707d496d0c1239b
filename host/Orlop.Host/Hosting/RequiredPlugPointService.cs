using Orlop.Host.Configuration;
using Orlop.Host.Plugins;

namespace Orlop.Host.Hosting;

/// <summary>Logs what the configuration names and no plugin gives; with <c>--strict</c> that ends the daemon.</summary>
internal sealed class RequiredPlugPointService(
    CommandLine line, LoadedConfig config, PluginHost plugins, DaemonExit exit, IHostApplicationLifetime lifetime, ILogger<RequiredPlugPointService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var points = await plugins.Ready.WaitAsync(stoppingToken);
            var missing = RequiredPlugPoints.FindMissing(config.Config, points, plugins.Catalog);
            foreach (var point in missing)
                PluginLog.RequiredMissing(logger, point.Message);
            if (line.Strict && missing.Count > 0)
            {
                exit.Code = 1;
                lifetime.StopApplication();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopped before the plugins were ready
        }
    }
}
