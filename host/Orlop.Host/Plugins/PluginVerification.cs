using Microsoft.Extensions.Logging.Abstractions;
using Orlop.Abstractions.Plugins;
using Orlop.Host.Configuration;
using Orlop.Host.Engine.Events;
using Orlop.Host.State;

namespace Orlop.Host.Plugins;

/// <summary>Takes one plugin through all that the daemon does with it before its services start, over folders and records that are thrown away.</summary>
internal static class PluginVerification
{
    /// <param name="path">The plugin's folder.</param>
    /// <param name="config">Where <c>[plugins.&lt;id&gt;]</c> is read from.</param>
    /// <param name="time">The clock.</param>
    public static async Task<PluginVerdict> RunAsync(string path, OrlopConfig config, TimeProvider time)
    {
        var progress = new PluginProgress();
        var folder = PluginDiscovery.Inspect(path, progress);
        try
        {
            if (folder.Obstacle is { } obstacle)
                throw obstacle;

            progress.Enter(PluginStep.Settings);
            var errors = new ConfigErrors();
            var settings = PluginSettingsReader.Read(folder.Manifest!, config.Plugins.GetValueOrDefault(folder.Id), errors, []);
            if (!errors.IsEmpty)
                throw PluginException.Failed(string.Join("; ", errors.All));

            var capabilities = await LoadAsync(folder, settings, config, progress, time);
            return new PluginVerdict(folder.Describe(PluginState.Active, "", capabilities), progress.Step);
        }
        catch (Exception e)
        {
            var (state, reason) = PluginFailure.Of(e);
            return new PluginVerdict(folder.Describe(state, reason, []), progress.Step);
        }
    }

    private static async Task<IReadOnlyList<string>> LoadAsync(PluginFolder folder, PluginSettings settings, OrlopConfig config, PluginProgress progress, TimeProvider time)
    {
        var scratch = Directory.CreateTempSubdirectory("orlop-verify-");
        try
        {
            var elsewhere = config with { Root = Path.Combine(scratch.FullName, "root"), State = Path.Combine(scratch.FullName, "state") };
            await using var database = new RecordDatabase(Path.Combine(scratch.FullName, "state.db"), time, NullLogger<RecordDatabase>.Instance);
            await using var load = new PluginLoad(elsewhere, database, new EventBus(), time, NullLoggerFactory.Instance);
            await using var plugin = await load.RunAsync(folder, settings, progress, CancellationToken.None);
            return plugin.Capabilities;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
