using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;
using Orlop.Host.Configuration;
using Orlop.Host.State;

namespace Orlop.Host.Plugins;

/// <summary>Loads the plugins while the daemon already serves, starts what works in the background, and stops it at the end.</summary>
/// <remarks>A plugin that is broken costs itself: the others load, the daemon serves, and the catalog says what happened.</remarks>
internal sealed class PluginHost(LoadedConfig loaded, RecordDatabase database, IEventBus events, TimeProvider time, ILoggerFactory loggers)
    : IHostedService, IAsyncDisposable
{
    /// <summary>How long each service of a plugin may take to stop.</summary>
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = loggers.CreateLogger<PluginHost>();
    private readonly TaskCompletionSource<PlugPoints> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly PluginLoad _load = new(loaded.Config, database, events, time, loggers);
    private readonly List<LoadedPlugin> _active = []; // in the order of their start; the loading task's until Ready, then StopAsync's
    private volatile PluginCatalog _catalog = PluginCatalog.Empty;
    private Task? _loading;
    private bool _isStopped;

    /// <summary>The plug points, once every plugin is started or given up.</summary>
    public Task<PlugPoints> Ready => _ready.Task;

    /// <summary>What became of each plugin; empty until <see cref="Ready"/>.</summary>
    public PluginCatalog Catalog => _catalog;

    /// <summary>Returns at once; <see cref="Ready"/> tells when the work is done. Called again, it does nothing.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loading ??= Task.Run(LoadAllAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_isStopped)
            return;

        _isStopped = true;
        await _stopping.CancelAsync();
        await (_loading ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Ready has told it
        foreach (var plugin in Enumerable.Reverse(_active))
            await StopServicesAsync(plugin, plugin.Services, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        foreach (var plugin in Enumerable.Reverse(_active))
            await DisposeAsync(plugin);
        _active.Clear();
        await _load.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task LoadAllAsync()
    {
        try
        {
            var started = time.GetTimestamp();
            var book = new PluginBook(_logger);
            var settings = new List<ConfigSetting>();
            var candidates = FindCandidates(book, settings);

            var loading = await Task.WhenAll(candidates.Select(candidate => LoadAsync(candidate.Folder, candidate.Settings, book)));
            var unique = await WithoutDuplicatesAsync([.. loading.OfType<LoadedPlugin>()], book);
            var running = await Task.WhenAll(unique.Select(plugin => StartServicesAsync(plugin, book)));
            _active.AddRange(running.OfType<LoadedPlugin>());

            foreach (var plugin in _active)
                book.Enter(plugin.Folder, PluginState.Active, "", plugin.Capabilities);
            _catalog = new PluginCatalog(book.Entries, settings);
            PluginLog.Ready(_logger, _active.Count, book.Entries.Count, (long)time.GetElapsedTime(started).TotalMilliseconds);
            _ready.SetResult(PlugPointsOf(_active));
        }
        catch (Exception e)
        {
            PluginLog.LoadingBroke(_logger, e);
            _ready.SetException(e);
            throw;
        }
    }

    private List<(PluginFolder Folder, PluginSettings Settings)> FindCandidates(PluginBook book, List<ConfigSetting> settings)
    {
        var config = loaded.Config;
        var folders = PluginDiscovery.Find(config.PluginFolders);
        foreach (string problem in PluginConfigCheck.SettingsWithoutPlugin(config, folders))
            PluginLog.ConfigProblem(_logger, problem);

        var candidates = new List<(PluginFolder, PluginSettings)>();
        foreach (var folder in folders)
        {
            config.Plugins.TryGetValue(folder.Id, out var configured);
            if (configured is { Enabled: false })
            {
                book.Enter(folder, PluginState.Disabled, $"switched off by plugins.{folder.Id}.enabled = false");
                continue;
            }

            if (folder.Obstacle is { } obstacle)
            {
                book.Enter(folder, obstacle.State, obstacle.Message);
                continue;
            }

            var errors = new ConfigErrors();
            var values = PluginSettingsReader.Read(folder.Manifest!, configured, errors, settings);
            if (errors.IsEmpty)
                candidates.Add((folder, values));
            else
                book.Enter(folder, PluginState.Failed, string.Join("; ", errors.All));
        }

        return candidates;
    }

    private async Task<LoadedPlugin?> LoadAsync(PluginFolder folder, PluginSettings settings, PluginBook book)
    {
        try
        {
            return await _load.RunAsync(folder, settings, new PluginProgress(), _stopping.Token);
        }
        catch (Exception e)
        {
            book.Enter(folder, e);
            return null;
        }
    }

    /// <summary>Two plugins that give the same plug point are both refused: which one is meant, only the operator knows.</summary>
    private async Task<IReadOnlyList<LoadedPlugin>> WithoutDuplicatesAsync(IReadOnlyList<LoadedPlugin> plugins, PluginBook book)
    {
        var claims = plugins.SelectMany(plugin => plugin.Capabilities, (plugin, capability) => (Capability: capability, Plugin: plugin))
            .GroupBy(claim => claim.Capability, claim => claim.Plugin, StringComparer.Ordinal)
            .Where(claim => claim.Skip(1).Any())
            .ToList();

        foreach (var plugin in plugins)
        {
            if (claims.Find(claim => claim.Contains(plugin)) is not { } claim)
                continue;

            string others = string.Join(" and ", claim.Select(other => $"'{other.Folder.Id}' ({other.Folder.Path})"));
            book.Enter(plugin.Folder, PluginState.Failed, $"the {claim.Key} is given by {others}; switch one off with plugins.<id>.enabled = false");
            await DisposeAsync(plugin);
        }

        return [.. plugins.Where(plugin => !claims.Exists(claim => claim.Contains(plugin)))];
    }

    private async Task<LoadedPlugin?> StartServicesAsync(LoadedPlugin plugin, PluginBook book)
    {
        var started = new List<IPluginService>();
        var starting = Task.CompletedTask;
        var patience = loaded.Config.PluginLoadTimeout;
        try
        {
            using var deadline = new CancellationTokenSource(patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stopping.Token);
            foreach (var service in plugin.Services)
            {
                started.Add(service);
                starting = Task.Run(() => service.StartAsync(either.Token), CancellationToken.None);
                await starting.WaitAsync(patience, time, _stopping.Token);
            }

            return plugin;
        }
        catch (Exception e)
        {
            var (state, reason) = e is TimeoutException && !starting.IsCompleted
                ? (PluginState.Failed, $"it hangs in StartAsync for more than {patience.TotalSeconds:F0} s (plugin_load_timeout)")
                : PluginFailure.Of(e);
            book.Enter(plugin.Folder, state, $"{started[^1].GetType().Name} did not start: {reason}", exception: e);
            await StopServicesAsync(plugin, started[..^1], CancellationToken.None);
            await DisposeAsync(plugin);
            return null;
        }
    }

    private async Task StopServicesAsync(LoadedPlugin plugin, IReadOnlyList<IPluginService> services, CancellationToken cancellationToken)
    {
        foreach (var service in services.Reverse())
        {
            try
            {
                await service.StopAsync(cancellationToken).WaitAsync(StopDeadline, time, cancellationToken);
            }
            catch (Exception e)
            {
                PluginLog.StopFailed(_logger, plugin.Folder.Id, service.GetType().Name, e);
            }
        }
    }

    private async Task DisposeAsync(LoadedPlugin plugin)
    {
        try
        {
            await plugin.DisposeAsync();
        }
        catch (Exception e)
        {
            PluginLog.StopFailed(_logger, plugin.Folder.Id, "its scope", e);
        }
    }

    private static PlugPoints PlugPointsOf(IReadOnlyList<LoadedPlugin> plugins) => new()
    {
        Backends = new(PluginKind.Backend, plugins.SelectMany(plugin => plugin.Backends)),
        Networks = new(PluginKind.Network, plugins.SelectMany(plugin => plugin.Networks)),
        ImageSources = new(PluginKind.Images, plugins.SelectMany(plugin => plugin.ImageSources)),
        Snapshotters = new(PluginKind.Snapshotter, plugins.SelectMany(plugin => plugin.Snapshotters)),
        Hooks = [.. plugins.SelectMany(plugin => plugin.Hooks).OrderBy(hook => hook.Order).ThenBy(hook => hook.Name, StringComparer.Ordinal)],
        ImagePolicies = [.. plugins.SelectMany(plugin => plugin.ImagePolicies).OrderBy(policy => policy.Name, StringComparer.Ordinal)],
        LogSinks = [.. plugins.SelectMany(plugin => plugin.LogSinks).OrderBy(sink => sink.Name, StringComparer.Ordinal)],
    };
}
