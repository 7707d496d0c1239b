using Grpc.Core;

namespace Orlop.Host.Cri;

internal static partial class CallLog
{
    [LoggerMessage(EventId = 400, EventName = nameof(Done), Level = LogLevel.Debug, Message = "{Method} took {Milliseconds:0.0} ms {Phases}")]
    public static partial void Done(ILogger logger, string method, double milliseconds, string phases);

    [LoggerMessage(EventId = 401, EventName = nameof(Refused), Level = LogLevel.Information, Message = "{Method} answered {Status} after {Milliseconds:0.0} ms: {Detail}")]
    public static partial void Refused(ILogger logger, string method, double milliseconds, StatusCode status, string detail);

    [LoggerMessage(EventId = 402, EventName = nameof(Broken), Level = LogLevel.Error, Message = "{Method} failed after {Milliseconds:0.0} ms.")]
    public static partial void Broken(ILogger logger, string method, double milliseconds, Exception exception);
}
