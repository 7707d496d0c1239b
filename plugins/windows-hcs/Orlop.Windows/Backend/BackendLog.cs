using Microsoft.Extensions.Logging;

namespace Orlop.Windows.Backend;

internal static partial class BackendLog
{
    [LoggerMessage(EventId = 1, EventName = "SignalFailed", Level = LogLevel.Warning, Message = "Container {ContainerId}: {Signal} could not be delivered")]
    public static partial void SignalFailed(this ILogger logger, string containerId, string signal, Exception exception);

    [LoggerMessage(EventId = 2, EventName = "EndFailed", Level = LogLevel.Warning, Message = "Container {ContainerId}: its first process has ended, its compute system has not")]
    public static partial void EndFailed(this ILogger logger, string containerId, Exception exception);

    [LoggerMessage(EventId = 3, EventName = "RecordFailed", Level = LogLevel.Error, Message = "Container {ContainerId}: its exit could not be recorded")]
    public static partial void RecordFailed(this ILogger logger, string containerId, Exception exception);

    [LoggerMessage(EventId = 4, EventName = "OutputLost", Level = LogLevel.Warning,
        Message = "Container {ContainerId} runs on, but what it writes from now on is lost: its pipes ended with the earlier run of the daemon")]
    public static partial void OutputLost(this ILogger logger, string containerId);

    [LoggerMessage(EventId = 5, EventName = "OrphanEnded", Level = LogLevel.Warning, Message = "{Kind} {Id} belonged to no pod and was released")]
    public static partial void OrphanEnded(this ILogger logger, string kind, string id);

    [LoggerMessage(EventId = 6, EventName = "OrphanStays", Level = LogLevel.Error, Message = "{Kind} {Id} belongs to no pod and could not be released")]
    public static partial void OrphanStays(this ILogger logger, string kind, string id, Exception exception);

    [LoggerMessage(EventId = 7, EventName = "RecoveryFailed", Level = LogLevel.Error, Message = "Pod sandbox {SandboxId} could not be found again")]
    public static partial void RecoveryFailed(this ILogger logger, string sandboxId, Exception exception);

    [LoggerMessage(EventId = 8, EventName = "NotMeasured", Level = LogLevel.Debug, Message = "Container {ContainerId} could not be measured")]
    public static partial void NotMeasured(this ILogger logger, string containerId, Exception exception);

    [LoggerMessage(EventId = 9, EventName = "UndoFailed", Level = LogLevel.Error, Message = "{Kind} {Id} could not be released after a failure; it is tried again within a minute")]
    public static partial void UndoFailed(this ILogger logger, string kind, string id, Exception exception);
}
