using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Plugins;
using Orlop.Host.Configuration;
using Orlop.Host.Engine.Handlers;
using Orlop.Host.Engine.Logs;
using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Pods;
using Orlop.Host.Engine.Pulls;
using Orlop.Host.Engine.Specs;
using Orlop.Host.Engine.State;
using Orlop.Host.Engine.Usage;
using Orlop.Host.Plugins;
using Orlop.Host.State;

namespace Orlop.Host.Engine;

/// <summary>Builds the engine from what the plugins give, finds the pods again, opens the gate, and watches until the daemon stops.</summary>
internal sealed class EngineService(
    EngineGate gate, OrlopConfig config, PluginHost plugins, RecordDatabase database, IEventBus events, TimeProvider clock, ILoggerFactory loggers)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var book = new StateBook(new RecordStore(database, "engine"), loggers.CreateLogger<StateBook>());
        await book.LoadAsync(stoppingToken); // while the plugins load
        var points = await plugins.Ready.WaitAsync(stoppingToken);
        var operations = new OperationTable(clock, loggers.CreateLogger<OperationTable>());
        var parts = Parts(points, book);
        var logs = new LogTee(points.LogSinks, events, parts.Book, clock, parts.Logger);
        await using var runtime = new Runtime(parts, operations, logs);

        await new Recovery(runtime, clock).RunAsync(stoppingToken);
        gate.Open(new RunningEngine(runtime, new ImagePulls(parts, operations), new UsageSampler(parts.Handlers, clock), parts.Traces));
        await Task.WhenAll(operations.WatchAsync(stoppingToken), logs.RunAsync(stoppingToken), new Reconciler(runtime, clock).RunAsync(stoppingToken));
    }

    private EngineParts Parts(PlugPoints points, StateBook book) => new(
        book,
        Handlers(points),
        points.Networks.TryGet(config.Network.Plugin, out var network)
            ? network
            : new MissingNetwork(config.Network.Plugin, WhyMissing("network", config.Network.Plugin, points.Networks.Names)),
        points.ImageSources.TryGet(config.Images.Source, out var images)
            ? images
            : new MissingImageSource(config.Images.Source, WhyMissing("images", config.Images.Source, points.ImageSources.Names), clock),
        new HookChain(points.Hooks, clock, loggers.CreateLogger("Orlop.Engine")),
        points.ImagePolicies,
        RequiredPlugins.Of(config, plugins.Catalog),
        new LinuxSpecBuilder(new SeccompProfiles()),
        events,
        new TraceLog(),
        clock,
        new CreationClock(clock),
        loggers.CreateLogger("Orlop.Engine"));

    private HandlerTable Handlers(PlugPoints points)
    {
        var working = new List<Handler>();
        var broken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, handler) in config.Handlers)
        {
            if (!points.Backends.TryGet(handler.Backend, out var backend)) broken[name] = WhyMissing("backend", handler.Backend, points.Backends.Names);
            else if (!points.Snapshotters.TryGet(handler.Snapshotter, out var snapshotter)) broken[name] = WhyMissing("snapshotter", handler.Snapshotter, points.Snapshotters.Names);
            else working.Add(new Handler(name, backend, snapshotter));
        }

        return new HandlerTable(
            config.DefaultHandler, working, broken,
            config.Handlers.ToDictionary(h => h.Key, h => h.Value.Snapshotter, StringComparer.Ordinal),
            points.Backends.All, points.Snapshotters.All);
    }

    /// <summary>The reason of the plugin that should have given it, if one of that kind is not active.</summary>
    private string WhyMissing(string kind, string name, IReadOnlyList<string> known)
    {
        var suspects = plugins.Catalog.Plugins
            .Where(p => p.State != PluginState.Active && (p.Kinds.Count == 0 || p.Kinds.Contains(kind)))
            .Select(p => $"plugin {p.Id} is {p.State}: {p.Reason}")
            .ToList();
        string list = known.Count > 0 ? $"known are {string.Join(", ", known)}" : "no plugin gives one";
        return suspects.Count > 0 ? $"no {kind} \"{name}\" ({list}); {string.Join("; ", suspects)}" : $"no {kind} \"{name}\"; {list}";
    }
}
