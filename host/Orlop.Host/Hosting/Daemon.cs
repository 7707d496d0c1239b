using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Configuration;
using Orlop.Host.Cri;
using Orlop.Host.Engine;
using Orlop.Host.Engine.Events;
using Orlop.Host.Plugins;
using Orlop.Host.State;

namespace Orlop.Host.Hosting;

/// <summary>The daemon from its start to its end.</summary>
internal static class Daemon
{
    /// <summary>How long calls that are under way may take once we are asked to stop. Pods are not touched.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a client may be silent before its connection is closed, which would fail a call that is just on its way.
    /// As good as for ever: the kernel tells of clients that are gone. Kestrel's own infinity overflows its clock's
    /// nanoseconds, and closes a silent connection after a second.
    /// </summary>
    private static readonly TimeSpan Silence = TimeSpan.FromDays(365);

    /// <summary>Serves until SIGTERM or SIGINT; returns the exit code.</summary>
    /// <exception cref="RuntimeException">It cannot start: the configuration is wrong, or another daemon is in the way.</exception>
    public static async Task<int> RunAsync(CommandLine line)
    {
        using var reload = new ReloadSignal();
        var loader = new ConfigLoader(line.ConfigFile, line.LogLevel);
        var loaded = loader.Load().ThrowIfWrong();
        var config = loaded.Config;

        HostFolder.EnsurePrivate(config.Root);
        HostFolder.EnsureTraversable(config.State);
        using var instance = InstanceLock.Take(config.Root);
        CriSocket.Prepare(config.Socket);

        using var logging = new HostLogging(config.Log);
        await using var database = new RecordDatabase(
            Path.Combine(config.Root, "state.db"), TimeProvider.System, logging.Factory.CreateLogger<RecordDatabase>());
        var events = new EventBus();
        await using var plugins = new PluginHost(loaded, database, events, TimeProvider.System, logging.Factory);
        await plugins.StartAsync(CancellationToken.None); // first of all, so that they load while the server is made

        var exit = new DaemonExit();
        await using var app = Build(config.Socket, services => services
            .AddSingleton(line).AddSingleton(loader).AddSingleton(loaded).AddSingleton(config).AddSingleton(reload).AddSingleton(exit)
            .AddSingleton(logging).AddSingleton(logging.Factory)
            .AddSingleton(database).AddSingleton(events).AddSingleton<IEventBus>(events)
            .AddSingleton(plugins).AddSingleton<IHostedService>(plugins)
            .AddSingleton(TimeProvider.System));
        try
        {
            await app.StartAsync(CancellationToken.None);
            CriSocket.Open(config.Socket, config.SocketGid);
            await app.WaitForShutdownAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await app.StopAsync(CancellationToken.None); // it was to end before it served
        }

        return HasFailed(app) ? 1 : exit.Code;
    }

    /// <summary>Whether a part that runs in the background broke off, which stopped the host.</summary>
    private static bool HasFailed(WebApplication app) =>
        app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });

    /// <param name="socket">Where the CRI is served.</param>
    /// <param name="addParts">Adds what was there before the server, and lives longer.</param>
    private static WebApplication Build(string socket, Action<IServiceCollection> addParts)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "orlopd", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, socket));

        var services = builder.Services;
        addParts(services);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = Grace);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddHostedService<RequirementService>();
        services.AddSingleton<SystemdNotifications>().AddHostedService<SystemdService>();
        services.AddSingleton<RunningConfig>().AddSingleton<ConfigReloader>().AddHostedService<ReloadService>();
        services.AddEngine();
        services.AddCri();

        var app = builder.Build();
        app.UseRouting();
        app.MapCri();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, string socket)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.KeepAliveTimeout = Silence;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 4096; // the kubelet sends everything over one connection, log and event streams too
        kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2);
    }
}
