using Microsoft.Extensions.Logging;

namespace Orlop.Registry;

internal static partial class RegistryLog
{
    [LoggerMessage(EventName = "PullBegun", Level = LogLevel.Debug, Message = "pull {Reference}: begun")]
    public static partial void PullBegun(this ILogger logger, string reference);

    [LoggerMessage(EventName = "PullDone", Level = LogLevel.Information, Message = "pull {Reference}: image {Id}, {FetchedBytes} of {Size} bytes fetched, in {Milliseconds} ms")]
    public static partial void PullDone(this ILogger logger, string reference, string id, long fetchedBytes, long size, long milliseconds);

    [LoggerMessage(EventName = "PullFailed", Level = LogLevel.Warning, Message = "{Message}")]
    public static partial void PullFailed(this ILogger logger, string message);

    [LoggerMessage(EventName = "FetchInterrupted", Level = LogLevel.Information, Message = "blob {Digest}: interrupted at byte {Offset} ({Reason}); goes on from there")]
    public static partial void FetchInterrupted(this ILogger logger, string digest, long offset, string reason);

    [LoggerMessage(EventName = "BlobDamaged", Level = LogLevel.Warning, Message = "blob {Digest} was damaged on disk and is fetched again: {Reason}")]
    public static partial void BlobDamaged(this ILogger logger, string digest, string reason);

    [LoggerMessage(EventName = "ImageRemoved", Level = LogLevel.Information, Message = "image {Id} is removed")]
    public static partial void ImageRemoved(this ILogger logger, string id);

    [LoggerMessage(EventName = "ImageIncomplete", Level = LogLevel.Warning, Message = "image {Id} ({Names}) is not whole: {Reason}; it must be pulled again")]
    public static partial void ImageIncomplete(this ILogger logger, string id, string names, string reason);

    [LoggerMessage(EventName = "RecordUnreadable", Level = LogLevel.Warning, Message = "record {Key} is unreadable and is left out")]
    public static partial void RecordUnreadable(this ILogger logger, string key, Exception exception);

    [LoggerMessage(EventName = "PullNotForgotten", Level = LogLevel.Warning, Message = "the record {Key} of a pull that has ended cannot be deleted; it expires")]
    public static partial void PullNotForgotten(this ILogger logger, string key, Exception exception);

    [LoggerMessage(EventName = "Collected", Level = LogLevel.Debug, Message = "collected {Blobs} blobs and {Layers} layers")]
    public static partial void Collected(this ILogger logger, int blobs, int layers);

    [LoggerMessage(EventName = "CollectionFailed", Level = LogLevel.Warning, Message = "the collection of unused content failed; it is tried again")]
    public static partial void CollectionFailed(this ILogger logger, Exception exception);
}
