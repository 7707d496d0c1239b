using Microsoft.Extensions.Logging;

namespace Orlop.Cni.Attachments;

internal static partial class AttachmentLog
{
    [LoggerMessage(EventId = 10, EventName = "RecordQuarantined", Level = LogLevel.Warning,
        Message = "The network record of sandbox {SandboxId} cannot be read and is kept as {Key}: {Reason}")]
    public static partial void RecordQuarantined(this ILogger logger, string sandboxId, string key, string reason);

    [LoggerMessage(EventId = 11, EventName = "StillOwed", Level = LogLevel.Warning,
        Message = "The network of {Subject} is not fully released and will be tried again: {Reason}")]
    public static partial void StillOwed(this ILogger logger, string subject, string reason);

    [LoggerMessage(EventId = 12, EventName = "DebtPaid", Level = LogLevel.Information, Message = "The network of {Subject} is released now")]
    public static partial void DebtPaid(this ILogger logger, string subject);

    [LoggerMessage(EventId = 13, EventName = "NamespaceReplaced", Level = LogLevel.Warning,
        Message = "{Path} no longer leads to the network namespace of {Subject}, which is taken for gone")]
    public static partial void NamespaceReplaced(this ILogger logger, string path, string subject);

    [LoggerMessage(EventId = 14, EventName = "DebtCollectionFailed", Level = LogLevel.Warning,
        Message = "Releasing the network of sandbox {SandboxId} failed and will be tried again")]
    public static partial void DebtCollectionFailed(this ILogger logger, string sandboxId, Exception exception);

    [LoggerMessage(EventId = 15, EventName = "CollectionPostponed", Level = LogLevel.Information,
        Message = "CNI GC of network {Network} is put off: pods are being attached or detached all the time")]
    public static partial void CollectionPostponed(this ILogger logger, string network);

    [LoggerMessage(EventId = 17, EventName = "TakeBackFailed", Level = LogLevel.Error, Message = "Taking back a failed ADD of {Subject} failed")]
    public static partial void TakeBackFailed(this ILogger logger, string subject, Exception exception);

    [LoggerMessage(EventId = 16, EventName = "OrphansKilled", Level = LogLevel.Warning,
        Message = "Killed {Count} processes of CNI plugins that an earlier run of the daemon had started")]
    public static partial void OrphansKilled(this ILogger logger, int count);
}
