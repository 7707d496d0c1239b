namespace Orlop.Host.Engine.State;

internal static partial class StateLog
{
    [LoggerMessage(EventId = 100, EventName = nameof(RecordQuarantined), Level = LogLevel.Warning,
        Message = "Record {Key} cannot be read; it is kept under quarantine/ and its object counts as gone.")]
    public static partial void RecordQuarantined(ILogger logger, string key, Exception exception);
}
