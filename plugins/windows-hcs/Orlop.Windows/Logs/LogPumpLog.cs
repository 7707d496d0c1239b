using Microsoft.Extensions.Logging;

namespace Orlop.Windows.Logs;

internal static partial class LogPumpLog
{
    [LoggerMessage(EventId = 20, EventName = "LogNotWritten", Level = LogLevel.Warning, Message = "Lines for {Path} are lost: it cannot be written")]
    public static partial void LogNotWritten(this ILogger logger, string path, Exception exception);
}
