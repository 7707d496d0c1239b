using Microsoft.Extensions.Logging;

namespace Orlop.Linux.Sandboxes;

internal static partial class SandboxLog
{
    [LoggerMessage(EventId = 200, EventName = nameof(Lost), Level = LogLevel.Warning, Message = "Pod {Sandbox} is lost: {Reason}")]
    public static partial void Lost(ILogger logger, string sandbox, string reason);

    [LoggerMessage(EventId = 201, EventName = nameof(KillFailed), Level = LogLevel.Warning, Message = "What container {Container} left cannot be killed: {Reason}")]
    public static partial void KillFailed(ILogger logger, string container, string reason);

    [LoggerMessage(EventId = 202, EventName = nameof(Swept), Level = LogLevel.Information, Message = "Released what pod {Sandbox} left: no record knows it")]
    public static partial void Swept(ILogger logger, string sandbox);

    [LoggerMessage(EventId = 203, EventName = nameof(SweepFailed), Level = LogLevel.Warning, Message = "What pod {Sandbox} left cannot be released: {Reason}")]
    public static partial void SweepFailed(ILogger logger, string sandbox, string reason);

    [LoggerMessage(EventId = 205, EventName = nameof(NotMeasured), Level = LogLevel.Debug, Message = "Pod {Sandbox} cannot be measured: {Reason}")]
    public static partial void NotMeasured(ILogger logger, string sandbox, string reason);

    [LoggerMessage(EventId = 204, EventName = nameof(RecoveryFailed), Level = LogLevel.Warning, Message = "Pod {Sandbox} cannot be taken up: {Reason}")]
    public static partial void RecoveryFailed(ILogger logger, string sandbox, string reason);
}
