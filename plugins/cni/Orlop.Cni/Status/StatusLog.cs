using Microsoft.Extensions.Logging;

namespace Orlop.Cni.Status;

internal static partial class StatusLog
{
    [LoggerMessage(EventId = 20, EventName = "NetworkChosen", Level = LogLevel.Information, Message = "The pod network is '{Network}' of {File}")]
    public static partial void NetworkChosen(this ILogger logger, string network, string file);

    [LoggerMessage(EventId = 21, EventName = "NetworkLost", Level = LogLevel.Warning, Message = "There is no pod network: {Reason}")]
    public static partial void NetworkLost(this ILogger logger, string reason);

    [LoggerMessage(EventId = 22, EventName = "ConfigurationBroken", Level = LogLevel.Warning, Message = "Skipped the network configuration {File}: {Error}")]
    public static partial void ConfigurationBroken(this ILogger logger, string file, string error);

    [LoggerMessage(EventId = 23, EventName = "NetworkReady", Level = LogLevel.Information, Message = "The pod network is ready")]
    public static partial void NetworkReady(this ILogger logger);

    [LoggerMessage(EventId = 24, EventName = "NetworkNotReady", Level = LogLevel.Warning, Message = "The pod network is not ready: {Reason}")]
    public static partial void NetworkNotReady(this ILogger logger, string reason);

    [LoggerMessage(EventId = 25, EventName = "WatchRefused", Level = LogLevel.Warning, Message = "Cannot watch {Folder}, which is only looked at from time to time: {Reason}")]
    public static partial void WatchRefused(this ILogger logger, string folder, string reason);

    [LoggerMessage(EventId = 26, EventName = "RefreshFailed", Level = LogLevel.Error, Message = "Looking at the pod network failed")]
    public static partial void RefreshFailed(this ILogger logger, Exception exception);
}
