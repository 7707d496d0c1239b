using Orlop.Host.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;

namespace Orlop.Host.Hosting;

/// <summary>Where log lines go: to the standard output, which is the journal under systemd. The only class that knows Serilog's pipeline.</summary>
internal sealed class HostLogging : IDisposable
{
    private readonly LoggingLevelSwitch _level;
    private readonly Logger _logger;

    public HostLogging(LogConfig config)
    {
        _level = new LoggingLevelSwitch(LevelOf(config.Level));
        var pipeline = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(_level)
            .Enrich.FromLogContext();
        foreach (string noisy in (string[])["Microsoft", "Grpc", "System.Net.Http"])
            pipeline.MinimumLevel.Override(noisy, LogEventLevel.Warning);

        // Errors of calls are the CRI interceptor's to log. All that gRPC adds is a client that hung up within its request, which is no error of ours.
        pipeline.MinimumLevel.Override("Grpc.AspNetCore.Server.ServerCallHandler", LogEventLevel.Fatal);

        _logger = config.Format is LogFormat.Json
            ? pipeline.WriteTo.Console(new RenderedCompactJsonFormatter()).CreateLogger()
            : pipeline.WriteTo.Console(new TextLogFormatter(underJournal: Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null)).CreateLogger();
        Factory = new SerilogLoggerFactory(_logger);
    }

    public ILoggerFactory Factory { get; }

    /// <summary>Takes effect with the next line.</summary>
    public LogLevel Level
    {
        set => _level.MinimumLevel = LevelOf(value);
    }

    public void Dispose()
    {
        Factory.Dispose();
        _logger.Dispose();
    }

    private static LogEventLevel LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => LogEventLevel.Verbose,
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Information => LogEventLevel.Information,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        _ => LogEventLevel.Fatal,
    };
}
