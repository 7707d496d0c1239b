namespace Orlop.Host.Engine.Operations;

internal static partial class OperationLog
{
    [LoggerMessage(EventId = 200, EventName = nameof(UndoFailed), Level = LogLevel.Warning,
        Message = "{Operation}: cleaning up after its failure: step {Step} failed; the object stays on record until it is removed.")]
    public static partial void UndoFailed(ILogger logger, string operation, string step, Exception exception);

    [LoggerMessage(EventId = 201, EventName = nameof(Stuck), Level = LogLevel.Warning, Message = "{Operation} has run for {Seconds} s; it is in {Position}.")]
    public static partial void Stuck(ILogger logger, string operation, int seconds, string position);

    [LoggerMessage(EventId = 202, EventName = nameof(Replaced), Level = LogLevel.Information, Message = "{Operation}: a changed request replaces the one that runs.")]
    public static partial void Replaced(ILogger logger, string operation);

    [LoggerMessage(EventId = 203, EventName = nameof(FailedUnseen), Level = LogLevel.Warning, Message = "{Operation} failed after its caller had gone away: {Reason}")]
    public static partial void FailedUnseen(ILogger logger, string operation, string reason);
}
