using Microsoft.Extensions.Logging;

namespace Orlop.Cni.Execution;

internal static partial class PluginLog
{
    [LoggerMessage(EventId = 1, EventName = "PluginWroteErrors", Level = LogLevel.Debug, Message = "CNI plugin {Plugin}, {Command} of {Subject}, wrote: {Errors}")]
    public static partial void PluginWroteErrors(this ILogger logger, string plugin, string command, string subject, string errors);
}
