using Microsoft.Extensions.Logging;

namespace Orlop.Linux.Sandboxes;

internal static partial class SandboxLog
{
    [LoggerMessage(EventId = 200, EventName = nameof(Lost), Level = LogLevel.Warning, Message = "Pod {Sandbox} is lost: {Reason}")]
    public static partial void Lost(ILogger logger, string sandbox, string reason);

    [LoggerMessage(EventId = 201, EventName = nameof(Silent), Level = LogLevel.Warning,
        Message = "Pod {Sandbox}: its supervisor {Process} has not answered for {Seconds} s and is ended; the pod is lost")]
    public static partial void Silent(ILogger logger, string sandbox, int process, int seconds);

    [LoggerMessage(EventId = 202, EventName = nameof(Swept), Level = LogLevel.Information, Message = "Released what pod {Sandbox} left: no record knows it")]
    public static partial void Swept(ILogger logger, string sandbox);

    [LoggerMessage(EventId = 203, EventName = nameof(SweepFailed), Level = LogLevel.Warning, Message = "What pod {Sandbox} left cannot be released: {Reason}")]
    public static partial void SweepFailed(ILogger logger, string sandbox, string reason);

    [LoggerMessage(EventId = 205, EventName = nameof(NotMeasured), Level = LogLevel.Debug, Message = "Pod {Sandbox} cannot be measured: {Reason}")]
    public static partial void NotMeasured(ILogger logger, string sandbox, string reason);

    [LoggerMessage(EventId = 204, EventName = nameof(RecoveryFailed), Level = LogLevel.Warning, Message = "Pod {Sandbox} cannot be taken up: {Reason}")]
    public static partial void RecoveryFailed(ILogger logger, string sandbox, string reason);

    [LoggerMessage(EventId = 206, EventName = nameof(PinRepaired), Level = LogLevel.Warning, Message = "Pod {Sandbox}: {Path} no longer led to its network namespace and does again")]
    public static partial void PinRepaired(ILogger logger, string sandbox, string path);

    [LoggerMessage(EventId = 207, EventName = nameof(ContainerSwept), Level = LogLevel.Information, Message = "Pod {Sandbox}: released what container {Container} left: no record knows it")]
    public static partial void ContainerSwept(ILogger logger, string sandbox, string container);

    [LoggerMessage(EventId = 208, EventName = nameof(NotRepaired), Level = LogLevel.Warning, Message = "Pod {Sandbox}: {What} cannot be put right now and is tried again: {Reason}")]
    public static partial void NotRepaired(ILogger logger, string sandbox, string what, string reason);

    [LoggerMessage(EventId = 209, EventName = nameof(NotRecorded), Level = LogLevel.Warning, Message = "Pod {Sandbox}: its {What} cannot be put on record: {Reason}")]
    public static partial void NotRecorded(ILogger logger, string sandbox, string what, string reason);

    [LoggerMessage(EventId = 210, EventName = nameof(TakeBackFailed), Level = LogLevel.Warning, Message = "What was made of {What} cannot be taken back and is released later: {Reason}")]
    public static partial void TakeBackFailed(ILogger logger, string what, string reason);

    [LoggerMessage(EventId = 211, EventName = nameof(HalfRemains), Level = LogLevel.Warning, Message = "{Folder}, left by a crash, cannot be removed: {Reason}")]
    public static partial void HalfRemains(ILogger logger, string folder, string reason);
}
