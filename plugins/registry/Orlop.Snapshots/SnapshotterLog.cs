using Microsoft.Extensions.Logging;

namespace Orlop.Snapshots;

internal static partial class SnapshotterLog
{
    [LoggerMessage(EventName = "LayerCommitted", Level = LogLevel.Debug, Message = "{Snapshotter}: layer {ChainId} is in folder {Number}: {Bytes} bytes, {Inodes} inodes")]
    public static partial void LayerCommitted(this ILogger logger, string snapshotter, string chainId, long number, long bytes, long inodes);

    [LoggerMessage(EventName = "LayerFolderMissing", Level = LogLevel.Warning, Message = "{Snapshotter}: the folder of layer {ChainId} is gone: the layer must be pulled again")]
    public static partial void LayerFolderMissing(this ILogger logger, string snapshotter, string chainId);

    [LoggerMessage(EventName = "SnapshotFolderMissing", Level = LogLevel.Warning, Message = "{Snapshotter}: the folder of snapshot {Key} is gone")]
    public static partial void SnapshotFolderMissing(this ILogger logger, string snapshotter, string key);

    [LoggerMessage(EventName = "RecordUnreadable", Level = LogLevel.Warning, Message = "{Snapshotter}: record {Key} is unreadable and is left out")]
    public static partial void RecordUnreadable(this ILogger logger, string snapshotter, string key, Exception exception);

    [LoggerMessage(EventName = "LeftoverRemoved", Level = LogLevel.Information, Message = "{Snapshotter}: removed {Folder}, left by an interrupted operation")]
    public static partial void LeftoverRemoved(this ILogger logger, string snapshotter, string folder);

    [LoggerMessage(EventName = "CleanupFailed", Level = LogLevel.Warning, Message = "{Snapshotter}: cannot remove {Folder}; it is tried again at the next start")]
    public static partial void CleanupFailed(this ILogger logger, string snapshotter, string folder, Exception exception);

    [LoggerMessage(EventName = "UsageFailed", Level = LogLevel.Debug, Message = "{Snapshotter}: cannot count what snapshot {Key} takes")]
    public static partial void UsageFailed(this ILogger logger, string snapshotter, string key, Exception exception);
}
