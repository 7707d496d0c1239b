using Orlop.Host.Configuration;
using Orlop.Host.Plugins;

namespace Orlop.Host.Hosting;

/// <summary>Logs what the configuration needs and no plugin gives; with <c>--strict</c> that ends the daemon.</summary>
internal sealed class RequirementService(
    CommandLine line, LoadedConfig config, PluginHost plugins, DaemonExit exit, IHostApplicationLifetime lifetime, ILogger<RequirementService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var points = await plugins.Ready.WaitAsync(stoppingToken);
            var missing = RequiredPlugPoints.FindMissing(config.Config, points, plugins.Catalog);
            string[] problems = [.. missing.Select(point => point.Message), .. RequiredPlugins.Of(config.Config, plugins.Catalog).Problems];
            foreach (string problem in problems)
                PluginLog.RequiredMissing(logger, problem);
            if (line.Strict && problems.Length > 0)
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
