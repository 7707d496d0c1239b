namespace Orlop.Host.State;

internal static partial class RecordLog
{
    [LoggerMessage(1, LogLevel.Error, "State file {Path} is corrupt ({Damage}); it is kept as {Aside}, a new one was begun with the {Saved} records that could be read", EventName = "StateCorrupt")]
    public static partial void Corrupt(ILogger logger, string path, string damage, string aside, int saved);

    [LoggerMessage(2, LogLevel.Error, "Record {Namespace}/{Key} ({Length} bytes) does not match its checksum; it was moved to the namespace quarantine of {Path}, and its object is treated as missing", EventName = "RecordQuarantined")]
    public static partial void Quarantined(ILogger logger, string @namespace, string key, int length, string path);

    [LoggerMessage(3, LogLevel.Error, "No state: {Error}", EventName = "StateCannotOpen")]
    public static partial void CannotOpen(ILogger logger, string error, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "A commit failed: {Error}", EventName = "CommitFailed")]
    public static partial void CommitFailed(ILogger logger, string error, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "The disk of {Path} is full; what was kept in reserve is given up, so that ends, stops and removals can still be recorded. Free some space", EventName = "ReserveReleased")]
    public static partial void ReserveReleased(ILogger logger, string path);
}
