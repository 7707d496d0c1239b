namespace Orlop.Host.Engine.Logs;

internal static partial class LogTeeLog
{
    [LoggerMessage(EventId = 500, EventName = nameof(Lost), Level = LogLevel.Warning, Message = "Log sink {Sink} is too slow: {Lines} lines were not given to it. They are in the log files.")]
    public static partial void Lost(ILogger logger, string sink, long lines);

    [LoggerMessage(EventId = 501, EventName = nameof(Refused), Level = LogLevel.Warning, Message = "Log sink {Sink} failed on a line of container {Container}.")]
    public static partial void Refused(ILogger logger, string sink, string container, Exception exception);

    [LoggerMessage(EventId = 502, EventName = nameof(Unreadable), Level = LogLevel.Warning, Message = "Container {Container}: its log {Path} cannot be read for the log sinks.")]
    public static partial void Unreadable(ILogger logger, string container, string path, Exception exception);
}
